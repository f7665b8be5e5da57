import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ContainerShell } from './container-shell.ts';
import { openHolder } from './holder.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** A holder that answers what it is told to, and what was made of that. */
async function holding(answer: string | null) {
  const output = new PassThrough();
  const input = new PassThrough();
  input.on('data', (line: Buffer) => line.toString() === 'd\n' && answer !== null && output.write(answer));
  const { promise: ended, resolve: end } = Promise.withResolvers<{ code: null; stopped: null }>();
  const stop = () => end({ code: null, stopped: null });
  const shell: ContainerShell = {
    ...{ id: 'x', input, output, stop, ended, write: () => undefined, ready: async () => undefined },
    ...{ said: () => Buffer.alloc(0), pid: () => null, alive: () => true },
  };
  const told: number[] = [];
  const holder = await openHolder({ open: async () => shell, busy: () => true, onTreeBytes: (n) => told.push(n) });
  return { told, close: holder.close };
}

test.each([
  ['42\n', 1, [42]],
  ['none\n', 1, [Number.POSITIVE_INFINITY]],
  [null, 20, [Number.POSITIVE_INFINITY]],
])('a holder that answers %j', async (answer, beats, expected) => {
  const { told, close } = await holding(answer);
  await vi.advanceTimersByTimeAsync(beats * 5_000);
  expect(told).toEqual(expected);
  await close();
});
