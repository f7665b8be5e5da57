import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitRig, mirror, type Rig } from './git-rig.ts';

let rig: Rig;
beforeEach(() => (rig = gitRig()));
afterEach(() => rig.close());

test('many commits are measured against one base at once, in their order, and one that is gone is told as that', async () => {
  rig.personPushes({ 'a.txt': '1\n2\n' });
  const base = await rig.sync();
  rig.personPushes({ 'a.txt': '1\n', 'b.txt': 'x\ny\n' });
  const first = await rig.sync();
  rig.personPushes({ ['f'.repeat(40)]: 'named as a commit is\n' });
  const second = await rig.sync();
  const gone = '1'.repeat(40);
  expect(await rig.host.diffStats({ mirror, base, heads: [second, base, gone, first, second] })).toEqual([
    { files: 3, added: 3, removed: 1 },
    { files: 0, added: 0, removed: 0 },
    null,
    { files: 2, added: 2, removed: 1 },
    { files: 3, added: 3, removed: 1 },
  ]);
  expect(await rig.host.diffStats({ mirror, base, heads: [] })).toEqual([]);
});
