import { afterEach, expect, test, vi } from 'vitest';
import { frameKinds, frameOf, mostData } from '../docker/gate-frames.ts';
import { openMux } from './mux.ts';
import { windowBytes } from './supervisor.ts';
import { hostile } from './testing/hostile.ts';

afterEach(() => {
  vi.useRealTimers();
});

const program = { up: /^ready\n/mu, line: null };
const frames = windowBytes / mostData;

test('a machine that sends more of an output than it was given room for is let go', async () => {
  const far = hostile((say, id) => {
    for (let i = 0; i <= frames; i += 1) say(frameOf(frameKinds.data, id, Buffer.alloc(mostData, 'x')));
  });
  const shell = (await openMux(far.machine)).start(['x'], program);
  // Nobody reads: all that is kept waits for that.
  expect(await shell.ended).toMatchObject({ code: null });
  await far.closed;
});

test('what is read makes room for more', async () => {
  let told = 0;
  const far = hostile((say, id) => {
    for (let i = 0; i < frames; i += 1) say(frameOf(frameKinds.data, id, Buffer.alloc(mostData, 'x')));
    setImmediate(() => {
      for (let i = 0; i < frames; i += 1) say(frameOf(frameKinds.data, id, Buffer.alloc(mostData, 'x')));
      say(frameOf(frameKinds.exit, id, 0));
    });
  });
  const shell = (await openMux(far.machine)).start(['x'], program);
  shell.output.on('data', (chunk: Buffer) => (told += chunk.length));
  expect(await shell.ended).toMatchObject({ code: 0 });
  expect(told).toBe(2 * windowBytes);
});

test('a program that is told to end and is never said to have ended takes its machine with it', async () => {
  const far = hostile(() => undefined);
  const mux = await openMux(far.machine);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const [told, other] = [mux.start(['x'], program), mux.start(['y'], program)];
  told.stop('aborted');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await told.ended).toMatchObject({ code: null, stopped: 'aborted' });
  expect(await other.ended).toMatchObject({ code: null });
  expect(mux.alive()).toBe(false);
  await far.closed;
});

test('what is said of a program after its end is nothing', async () => {
  const far = hostile((say, id) => {
    say(frameOf(frameKinds.exit, id, 0));
    process.nextTick(() => say(frameOf(frameKinds.data, id, Buffer.from('late'))));
    process.nextTick(() => queueMicrotask(() => say(frameOf(frameKinds.data, id, Buffer.from('later')))));
  });
  const shell = (await openMux(far.machine)).start(['x'], program);
  expect(await shell.ended).toMatchObject({ code: 0 });
});
