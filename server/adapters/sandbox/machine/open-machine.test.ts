import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { directEgress } from '../../egress/settings.ts';
import { generous } from '../contract-bench.ts';
import { frameKinds, frameOf, mostData } from '../docker/gate-frames.ts';
import { openMachine } from './open-machine.ts';
import { hostile, type Hostile } from './testing/hostile.ts';

let tree = '';
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'fleet-open-machine-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(tree, { recursive: true, force: true });
});

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
