import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { at, gitRig, mirror, put, type Rig } from './git-rig.ts';

let rig: Rig;
let base = '';
let tree = '';
beforeEach(async () => {
  rig = gitRig();
  rig.personPushes({ 'a.txt': 'one\n' });
  base = await rig.sync();
  tree = await rig.freshTree(base);
});
afterEach(() => rig.close());

test('rules of ignoring that are longer than memory end the look, not the host', async () => {
  put(tree, { '.gitignore': '', 'b.txt': 'two\n' });
  truncateSync(join(tree, '.gitignore'), 6 * 2 ** 30);
  await expect(rig.host.changedPaths({ mirror, tree, commit: base })).rejects.toThrow(/memory|malloc/u);
});

test('folders without end are not walked to their end', async () => {
  put(tree, { [`${'d/'.repeat(1_500)}f`]: 'deep\n', [`${'d/'.repeat(40)}f`]: 'one\n' });
  const { commit } = await rig.host.snapshot({ mirror, tree, start: base, run: 'run_1', turn: 1, generation: 1, at });
  const found = await rig.host.changedBetween({ mirror, base, head: commit });
  expect(found.map(({ path }) => path)).toEqual([`${'d/'.repeat(40)}f`]);
});
