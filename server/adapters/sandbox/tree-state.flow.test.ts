import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import { mirror } from '../code-host/git-rig.ts';
import { toBytes } from '../workspaces/bytes-path.ts';
import { tellsWrites } from '../workspaces/layer-state.ts';
import { id, workRig, type WorkRig } from '../workspaces/testing/rig.ts';
import { generous, runIn } from './contract-bench.ts';
import { localSandbox } from './local.ts';

let rig: WorkRig;
let sandbox: Sandbox;
beforeEach(async () => {
  rig = await workRig();
});
afterEach(async () => {
  await sandbox.dispose();
  await rig.end();
});

const told = await tellsWrites(toBytes(tmpdir()));
const shm = '/dev/shm';
const isTmpfs = existsSync(shm) && statfsSync(shm).type === 0x01021994;

/** Writes a byte through a mapping that was read before: on some file systems no time says so. */
const mapping = `cat > /tmp/m.c <<'END'
#include <fcntl.h>
#include <sys/mman.h>
int main(int n, char **of) {
  int file = open(of[1], O_RDWR);
  volatile char *at = mmap(0, 1, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (at == MAP_FAILED) return 1;
  char seen = at[0];
  at[0] = seen + 1;
  return 0;
}
END
cc -o /tmp/m /tmp/m.c && /tmp/m src/a.txt`;

async function openOn(rung: 'overlay' | 'checkout', writable = true): Promise<Sandbox> {
  const { tree } = await rig.on(rung).keep({ id, mirror, commit: rig.head });
  const port = localSandbox({ dataDir: mkdtempSync(join(rig.folder, 'box-')) });
  sandbox = await port.open({ id: 'run_state', tree, writable, limits: generous });
  return sandbox;
}

/** What was just written is too young to be told. */
const settled = () =>
  vi.waitFor(
    async () => {
      const state = await sandbox.treeState!();
      if (state === null) throw new Error('not told yet');
      return state;
    },
    { timeout: 20_000, interval: 100 },
  );

describe.runIf(told)('the state of a work tree', () => {
  test('stays where a command only reads, and is another when one has written, back to what it was or not', async () => {
    await openOn('overlay');
    const first = await settled();
    await runIn(sandbox, 'cat src/a.txt; ls -R; touch /tmp/x; true');
    expect(await sandbox.treeState!()).toBe(first);
    await runIn(sandbox, 'echo two >> src/a.txt');
    // It is null, or on a host that stalled until what was written is old, another.
    expect(await sandbox.treeState!()).not.toBe(first);
    const second = await settled();
    expect(second).not.toBe(first);
    await runIn(
      sandbox,
      'cp -p src/a.txt /tmp/a; echo thr > src/a.txt; cat /tmp/a > src/a.txt; touch -r /tmp/a src/a.txt',
    );
    const third = await settled();
    expect(third).not.toBe(second);
    await sandbox.write('src/c.txt', Buffer.from('c'), { mode: 'create', signal: new AbortController().signal });
    expect(await sandbox.treeState!()).not.toBe(third);
  });

  test('is told while nothing is at work only: no command, and no job, though it writes nothing', async () => {
    await openOn('overlay');
    await settled();
    const stop = new AbortController();
    const command = runIn(sandbox, 'sleep 60', { signal: stop.signal });
    expect(await sandbox.treeState!()).toBeNull();
    stop.abort();
    await command;
    const job = await sandbox.start({ command: 'sleep 60', maxOutputBytes: 100 });
    expect(await sandbox.treeState!()).toBeNull();
    await job.stop();
    await settled();
  });

  test.runIf(existsSync('/usr/bin/cc'))(
    'is another when one has written by a mapping that was read before',
    async () => {
      await openOn('overlay');
      await runIn(sandbox, 'echo more >> src/a.txt');
      const first = await settled();
      expect(await runIn(sandbox, mapping)).toMatchObject({ exitCode: 0 });
      expect(await settled()).not.toBe(first);
    },
  );
});

describe('no state', () => {
  test.each([
    ['a tree that is no overlay', 'checkout', true],
    ['a sandbox that only reads', 'overlay', false],
  ] as const)('is ever told of %s', async (_, rung, writable) => {
    await openOn(rung, writable);
    expect(sandbox.treeState).toBeUndefined();
  });

  test.runIf(isTmpfs)(
    'is ever told of a tree in memory, which a mapping changes without a time that says so',
    async () => {
      await rig.end();
      vi.stubEnv('TMPDIR', shm);
      onTestFinished(() => void vi.unstubAllEnvs());
      rig = await workRig();
      await openOn('overlay');
      expect(sandbox.treeState).toBeUndefined();
    },
  );
});
