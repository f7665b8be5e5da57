import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, mirror, sh } from '../code-host/git-rig.ts';
import { rungs } from './base-file.ts';
import { id, otherId, workRig, type WorkRig } from './testing/rig.ts';

let rig: WorkRig;
beforeEach(async () => {
  rig = await workRig();
});
afterEach(() => rig.end());

const gitDir = () => join(rig.dataDir, 'mirrors', `${mirror}.git`);
const take = (tree: string, over: { turn?: number; generation?: number } = {}) =>
  rig.host.snapshot({ mirror, tree, start: rig.head, run: id, turn: 1, generation: 1, at, ...over });
const refs = () => sh(gitDir(), 'for-each-ref', '--format=%(refname)', 'refs/fleet/snapshots');

/** One of everything an agent can do to a tree. */
const work = `echo two >> src/a.txt; rm -r gone; mkdir -p new/deep; echo n > new/deep/n.txt; chmod +x docs/d.md
rm plain; mkdir plain; echo p > plain/p; rm -r 'sp ace'; echo now-a-file > 'sp ace'; rm out; echo no-link-now > out
ln -s ../../etc/shadow away; printf 'v' > "$(printf 'new\\nline')"; printf 'w' > "$(printf 'bad\\377name')"
printf 'q' > 'quo"te\\slash'; mkdir ignored; echo i > ignored/i; printf 'c\\r\\n' > crlf.txt
mkdir -p sub/.git; echo 'ref: x' > sub/.git/HEAD; echo s > sub/file; echo '* text eol=lf filter=evil' > .gitattributes`;

describe.each(rungs)('snapshots on the rung %s', (rung) => {
  test('a tree that is made from a snapshot is the tree that was snapshotted', async () => {
    const workspaces = rig.on(rung);
    const { tree } = await workspaces.keep({ id, mirror, commit: rig.head });
    await rig.agent(tree, work);
    const { commit, leftOut } = await take(tree);
    expect(leftOut).toEqual([]);
    const before = await rig.changed(tree, rig.head);
    const fork = await workspaces.keep({ id: otherId, mirror, commit });
    expect(await rig.changed(fork.tree, rig.head)).toEqual(before);
    expect(await rig.changed(fork.tree, commit)).toEqual([]);
    const all = 'find . -type f -o -type l | LC_ALL=C sort | grep -v -e ^./ignored/ -e /.git/';
    const list = `${all} | xargs -d"\\n" cksum 2>&1; stat -c "%N %A" away docs/d.md`;
    expect(await rig.agent(fork.tree, list)).toBe(await rig.agent(tree, list));
    expect(await rig.agent(fork.tree, 'test -e ignored || echo left out')).toBe('left out\n');
    await rig.agent(fork.tree, 'echo forked > src/a.txt');
    expect(readFileSync(join(tree, 'src/a.txt'), 'utf8')).toBe('one\ntwo\n');
  });
});

describe('snapshots', () => {
  test('the same state is the same commit; nothing changed is the start; each turn has its ref', async () => {
    const { tree } = await rig.on().keep({ id, mirror, commit: rig.head });
    expect(await take(tree)).toEqual({ commit: rig.head, leftOut: [] });
    expect(refs()).toBe('');
    await rig.agent(tree, 'echo 1 > one');
    const first = await take(tree, { turn: 1 });
    expect(await take(tree, { turn: 1 })).toEqual(first);
    expect(await take(tree, { turn: 2 })).toEqual(first);
    await rig.agent(tree, 'echo 2 > two');
    const second = await take(tree, { turn: 3, generation: 7 });
    expect(second.commit).not.toBe(first.commit);
    expect(refs().split('\n')).toEqual([1.1, 2.1, 3.7].map((name) => `refs/fleet/snapshots/${id}/${name}`));
    expect(sh(gitDir(), 'fsck', '--strict', '--no-dangling')).toBe('');
    expect(sh(gitDir(), 'rev-list', '--count', `${rig.head}..${second.commit}`)).toBe('1');
    const between = await rig.host.changedBetween({ mirror, base: first.commit, head: second.commit });
    expect(between).toMatchObject([{ path: 'two', status: 'added' }]);
  });

  test('what an earlier holder left under the name of a turn is not in the way', async () => {
    const { tree } = await rig.on().keep({ id, mirror, commit: rig.head });
    await rig.agent(tree, 'echo zombie > a');
    await take(tree);
    await rig.agent(tree, 'echo holder > a');
    const { commit } = await take(tree);
    const bytes = await rig.host.fileAt({ mirror, commit, path: 'a' });
    expect(Buffer.from(bytes ?? []).toString()).toBe('holder\n');
  });

  test('what is too large is left out, and named', async () => {
    const { tree } = await rig.on().keep({ id, mirror, commit: rig.head });
    await rig.agent(tree, 'head -c 17000000 /dev/zero > big; echo s > small');
    const { commit, leftOut } = await take(tree);
    expect(leftOut).toEqual(['big']);
    expect(await rig.host.fileAt({ mirror, commit, path: 'small' })).not.toBeNull();
    expect(await rig.host.fileAt({ mirror, commit, path: 'big' })).toBeNull();
  });

  test('nothing in the tree runs, is followed or is asked', async () => {
    const { tree } = await rig.on().keep({ id, mirror, commit: rig.head });
    const canary = join(rig.folder, 'canary');
    writeFileSync(canary, 'untouched');
    const hook = `#!/bin/sh\\necho run > ${canary}\\n`;
    await rig.agent(
      tree,
      `mkdir -p .git/hooks; printf '${hook}' > .git/hooks/post-commit; chmod +x .git/hooks/post-commit
printf '[core]\\n\\tfsmonitor = sh -c "echo run > ${canary}"\\n[filter "evil"]\\n\\tclean = sh -c "echo run > ${canary}"\\n' > .git/config
echo '* filter=evil' > .gitattributes; rm -r src; ln -s ${rig.folder} src; printf 'x\\ndone\\nreset refs/heads/main\\n' > stream
touch "$(printf 'a\\nreset refs\\057heads')"; ln -s /etc/passwd passwd`,
    );
    const { commit } = await take(tree);
    expect(readFileSync(canary, 'utf8')).toBe('untouched');
    const names = sh(gitDir(), 'ls-tree', '-r', '--name-only', '-z', commit).split('\0');
    expect(names.filter((name) => /(?:^|\/)\.git(?:\/|$)/u.test(name))).toEqual([]);
    expect(sh(gitDir(), 'ls-tree', commit, 'src', 'passwd')).toMatch(/^120000 .*passwd\n120000 .*src$/su);
    expect(refs()).toBe(`refs/fleet/snapshots/${id}/1.1`);
    expect(sh(gitDir(), 'for-each-ref', 'refs/heads')).toBe('');
  });

  test('dropping lets go of the objects of these runs, and of nothing else', async () => {
    const workspaces = rig.on();
    const { tree } = await workspaces.keep({ id, mirror, commit: rig.head });
    await rig.agent(tree, 'echo 1 > one');
    const { commit } = await take(tree);
    const other = await workspaces.keep({ id: otherId, mirror, commit });
    await rig.agent(other.tree, 'echo 2 > two');
    const kept = await rig.host.snapshot({
      ...{ mirror, tree: other.tree, start: rig.head, run: otherId },
      turn: 4,
      generation: 1,
      at,
    });
    expect(await rig.host.snapshotRuns()).toEqual([{ mirror, runs: [id, otherId] }]);
    for (const object of sh(gitDir(), 'rev-list', '--objects', `${rig.head}..${commit}`).split('\n')) {
      const name = object.slice(0, 40);
      utimesSync(join(gitDir(), 'objects', name.slice(0, 2), name.slice(2)), at, at);
    }
    await rig.host.dropSnapshots({ mirror, runs: [id] });
    expect(await rig.host.snapshotRuns()).toEqual([{ mirror, runs: [otherId] }]);
    await expect(rig.host.changedBetween({ mirror, base: rig.head, head: commit })).rejects.toThrow('git');
    expect(await rig.host.changedBetween({ mirror, base: rig.head, head: kept.commit })).toHaveLength(2);
    expect(sh(gitDir(), 'fsck', '--strict')).toBe('');
    await rig.host.dropSnapshots({ mirror, runs: [id] });
  });
});
