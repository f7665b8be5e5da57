import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitRig, mirror, type Rig } from './git-rig.ts';

let rig: Rig;
beforeEach(() => (rig = gitRig()));
afterEach(() => rig.close());

test('the folders at the root of a branch are named as they were last fetched', async () => {
  await expect(rig.host.rootFolders({ mirror, branch: 'main' })).rejects.toMatchObject({ code: 'not_found' });
  rig.personPushes({ 'src/deep/a.txt': 'a', 'two words/b.txt': 'b', '.hidden/c': 'c', 'd.txt': 'd' });
  await rig.sync();
  expect(await rig.host.rootFolders({ mirror, branch: 'main' })).toEqual(['.hidden', 'src', 'two words']);
});

test('files are found by their last part, links and what only looks like them apart', async () => {
  const files = { 'A.md': '1', 'x/A.md': '2', 'x/y z/A.md': '3', 'B.md': '4', 'x/notA.md': '5', 'A.md.d/q': '6' };
  rig.personPushes(files);
  const commit = await rig.sync();
  const named = (names: string[], most = 9) => rig.host.pathsNamed({ mirror, commit, names, most });
  expect(await named(['A.md'])).toEqual(['A.md', 'x/A.md', 'x/y z/A.md']);
  expect(await named(['A.md', 'B.md'], 2)).toEqual(['A.md', 'B.md']);
  expect(await named(['none'])).toEqual([]);
});
