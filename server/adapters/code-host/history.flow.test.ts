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
