import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pipePool, type PipePool } from './pipes.ts';
import { spawner, type SpawnerOrder } from './spawner.ts';

let dir: string;
let pipes: PipePool;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleet-spawner-'));
  pipes = pipePool(dir);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const helper = spawner({ inherited: [], passes: false });

async function run(script: string, input = '') {
  const pipe = await pipes.take();
  const child = helper.launch({ args: ['-c', script], env: { A: 'b' }, output: pipe.path, rules: null, passed: [] });
  let output = '';
  let said = '';
  pipe.reader.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const read = once(pipe.reader, 'close');
  child.onSaid((bytes) => (said += bytes.toString()));
  child.hold();
  child.write(0, input, true);
  await child.launched;
  const pid = child.pid();
  pipe.handedOver();
  // The end of the process and that of its output come by two ways, in either order.
  const [closed] = await Promise.all([child.closed, read]);
  return { ...closed, output, said, pid };
}

it('gives input, output, complaints, environment and exit code', async () => {
  const ran = await run('cat; echo "$A"; echo no >&2; exit 3', 'in\n');
  expect(ran).toMatchObject({ code: 3, reason: '', output: 'in\nb\n', said: 'no\n' });
  expect(ran.pid).toBeGreaterThan(0);
});

it('tells when it ended itself, and starts again for the next', async () => {
  expect(await run('kill -9 $PPID')).toMatchObject({
    code: null,
    reason: 'The process that starts sandboxes ended.',
  });
  expect(await run('exit 0')).toMatchObject({ code: 0, reason: '' });
});

it('ends with the process it works for, also where nobody is left to read what it was to start', async () => {
  const { reader, path, handedOver } = await pipes.take();
  const left = fork(new URL('spawner-process.ts', import.meta.url), { serialization: 'advanced', execArgv: [] });
  const ended = once(left, 'exit');
  const closed = once(reader, 'close');
  reader.destroy();
  handedOver();
  await closed;
  const order: SpawnerOrder = {
    ...{ kind: 'launch', id: 1, args: ['-c', 'read -r _'], env: {}, output: path, rules: null, passed: [] },
  };
  await new Promise((sent) => left.send(order, sent));
  left.disconnect();
  expect(await ended).toEqual([0, null]);
});
