import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitRig, mirror, put, type Rig } from './git-rig.ts';

let rig: Rig;
beforeEach(() => (rig = gitRig()));
afterEach(() => rig.close());

test('files that their owner may not read are committed all the same', async () => {
  rig.personPushes({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
  const base = await rig.sync();
  const tree = await rig.freshTree(base);
  put(tree, { 'a.txt': 'two\n', 'new.txt': 'new\n' });
  for (const name of ['a.txt', 'b.txt', 'new.txt']) chmodSync(join(tree, name), 0);
  const changed = await rig.host.changedPaths({ mirror, tree, commit: base });
  expect(changed.map(({ path }) => path)).toEqual(expect.arrayContaining(['a.txt', 'new.txt']));
  const head = (await rig.commit(tree, base, ['a.txt', 'b.txt', 'new.txt'])) ?? '';
  expect((await rig.host.changedBetween({ mirror, base, head })).map(({ path }) => path)).toEqual(['a.txt', 'new.txt']);
});

test('what is neither file nor link is not there', async () => {
  rig.personPushes({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
  const base = await rig.sync();
  const tree = await rig.freshTree(base);
  rmSync(join(tree, 'a.txt'));
  execFileSync('mkfifo', [join(tree, 'a.txt'), join(tree, 'pipe')]);
  writeFileSync(join(tree, 'c.txt'), 'c\n');
  const changed = await rig.host.changedPaths({ mirror, tree, commit: base });
  expect(changed.map(({ path }) => path)).not.toContain('pipe');
  const head = (await rig.commit(tree, base, ['a.txt', 'pipe', 'c.txt'])) ?? '';
  const between = await rig.host.changedBetween({ mirror, base, head });
  expect(between.map(({ path, status }) => [path, status])).toEqual([
    ['a.txt', 'deleted'],
    ['c.txt', 'added'],
  ]);
});
