import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { directEgress } from '../../egress/settings.ts';
import { generous } from '../contract-bench.ts';
import { frameKinds, frameOf, frameReader, mostData } from '../docker/gate-frames.ts';
import type { Machine } from './machine.ts';
import { openMachine } from './open-machine.ts';
import { marks } from './supervisor.ts';

let tree = '';
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'fleet-open-machine-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(tree, { recursive: true, force: true });
});

type Hostile = { machine: Machine; closed: Promise<void>; opened: Promise<void> };

/** A machine that says much before it is up, and then to the first program what it likes. */
function hostile(answer: (say: (bytes: Buffer) => void, id: number) => void): Hostile {
  const { promise: closed, resolve: end } = Promise.withResolvers<void>();
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  let say: (bytes: Buffer) => void = () => undefined;
  const read = frameReader(({ kind, id }) => {
    if (kind !== frameKinds.open) return;
    open();
    answer(say, id);
  });
  const noise = Buffer.alloc(2 ** 20, 'noise ');
  const greet = (mark: string) => {
    for (const words of [noise, noise, Buffer.from(mark.slice(0, 3)), Buffer.from(mark.slice(3))]) say(words);
  };
  const turns = [() => greet(marks.asks), () => greet(marks.up)];
  const send = async (bytes: Uint8Array) => (turns.shift() ?? (() => read(Buffer.from(bytes))))();
  const hear = (take: (bytes: Buffer) => void) => void (say = take);
  return { machine: { send, hear, ended: closed, close: async () => end() }, closed, opened };
}

const openOn = ({ machine }: Hostile) =>
  openMachine(
    { name: 'machines', egress: directEgress, make: async () => machine },
    { id: 'run_hostile', tree, writable: true, limits: generous },
  );

test('a machine that talks without end while it is prepared is refused', async () => {
  const far = hostile((say, id) => {
    for (let i = 0; i < 3; i += 1) say(frameOf(frameKinds.data, id, Buffer.alloc(mostData, 'x')));
  });
  await expect(openOn(far)).rejects.toThrow('it said too much');
  await far.closed;
});

test('a machine in which a program never ends is refused', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const far = hostile(() => undefined);
  const refused = expect(openOn(far)).rejects.toThrow('it took too long');
  await far.opened;
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  await refused;
  await far.closed;
});
