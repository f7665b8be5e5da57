import { readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitRig, mirror, type Rig } from './git-rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = gitRig();
});
afterEach(() => rig.close());

const changed = async (tree: string, commit: string) =>
  (await rig.host.changedPaths({ mirror, tree, commit })).map(({ path }) => path).toSorted();

test('links that lead round in a circle are kept as links, and end nobody’s walk', async () => {
  rig.personPushes({ 'dir/a.txt': 'one\n' });
  const base = await rig.sync();
  const tree = await rig.freshTree(base);
  symlinkSync('b', join(tree, 'a'));
  symlinkSync('a', join(tree, 'b'));
  symlinkSync('..', join(tree, 'dir/up'));
  const made = ['a', 'b', 'dir/up'];
  expect(await changed(tree, base)).toEqual(made);
  const head = (await rig.commit(tree, base, made)) ?? '';
  const again = await rig.freshTree(head);
  expect(made.map((path) => readlinkSync(join(again, path)))).toEqual(['b', 'a', '..']);
  expect(await changed(again, head)).toEqual([]);
});
