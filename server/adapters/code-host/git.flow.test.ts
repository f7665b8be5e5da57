import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { author, at, gitRig, mirror, put, sh, type Rig } from './git-rig.ts';

let rig: Rig;
beforeEach(() => (rig = gitRig()));
afterEach(() => rig.close());

describe('work trees', () => {
  test('a checkout is the commit, byte for byte, and holds no .git', async () => {
    rig.personPushes({ 'a.txt': 'one\r\ntwo\n', 'run.sh': '#!/bin/sh\n' }, (clone) => {
      chmodSync(join(clone, 'run.sh'), 0o755);
      symlinkSync('a.txt', join(clone, 'link'));
    });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    expect(readdirSync(tree).sort()).toEqual(['a.txt', 'link', 'run.sh']);
    expect(readFileSync(join(tree, 'a.txt'), 'utf8')).toBe('one\r\ntwo\n');
    expect(lstatSync(join(tree, 'run.sh')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(tree, 'link'))).toBe('a.txt');
    expect(await rig.host.changedPaths({ mirror, tree, commit: base })).toEqual([]);
    await expect(rig.host.checkout({ mirror, commit: base, into: tree })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('what changed is found: content, mode, kind, new, gone; ignored files are not', async () => {
    rig.personPushes({
      'a.txt': 'one\n',
      'gone.txt': 'x\n',
      'run.sh': '#!/bin/sh\n',
      '.gitignore': 'out/\n',
      'f/g': 'g\n',
      kind: 'k\n',
    });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    put(tree, { 'a.txt': 'two\n', 'new/b.txt': 'b\n', 'out/ignored': 'no\n' });
    rmSync(join(tree, 'gone.txt'));
    rmSync(join(tree, 'kind'));
    symlinkSync('a.txt', join(tree, 'kind'));
    chmodSync(join(tree, 'run.sh'), 0o755);
    rmSync(join(tree, 'f'), { recursive: true });
    writeFileSync(join(tree, 'f'), 'a file now');
    const changed = await rig.host.changedPaths({ mirror, tree, commit: base });
    const shown = changed.map(
      ({ path, status, executable, symlink }) => `${status} ${path}${executable ? ' x' : ''}${symlink ? ' @' : ''}`,
    );
    expect(shown.sort()).toEqual([
      'added f',
      'added new/b.txt',
      'deleted f/g',
      'deleted gone.txt',
      'modified a.txt',
      'modified kind @',
      'modified run.sh x',
    ]);
    const head =
      (await rig.commit(
        tree,
        base,
        changed.map(({ path }) => path),
      )) ?? '';
    expect((await rig.host.changedBetween({ mirror, base, head })).length).toBe(7);
    expect(await rig.host.changedPaths({ mirror, tree, commit: head })).toEqual([]);
  });

  test('looking again after more work sees the new state', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    for (const text of ['two\n', 'six\n', 'one\n']) {
      put(tree, { 'a.txt': text });
      expect((await rig.host.changedPaths({ mirror, tree, commit: base })).length).toBe(text === 'one\n' ? 0 : 1);
    }
  });
});

describe('commits', () => {
  test('only the named paths enter, and the same input gives the same commit everywhere', async () => {
    rig.personPushes({ 'a.txt': 'one\n', 'gone.txt': 'x\n', 'run.sh': '#!/bin/sh\n' });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    put(tree, { 'a.txt': 'two\n', 'new/b.txt': 'b\n', 'outside.txt': 'no\n' });
    rmSync(join(tree, 'gone.txt'));
    chmodSync(join(tree, 'run.sh'), 0o755);
    const paths = ['a.txt', 'new/b.txt', 'gone.txt', 'run.sh'];
    const head = (await rig.commit(tree, base, paths)) ?? '';
    expect(await rig.commit(tree, base, paths)).toBe(head);
    const elsewhere = rig.hostWith({ dataDir: join(rig.folder, 'other') });
    await elsewhere.sync({ mirror, remote: rig.remote, defaultBranch: 'main' });
    const message = 'A change\n\nFleet-Run: run_1\n';
    expect(await elsewhere.commit({ mirror, tree, parent: base, paths, message, author, at })).toBe(head);
    const between = await rig.host.changedBetween({ mirror, base, head });
    expect(between.map(({ path }) => path).sort()).toEqual(['a.txt', 'gone.txt', 'new/b.txt', 'run.sh']);
    expect(await rig.host.diffStat({ mirror, base, head })).toEqual({ files: 4, added: 2, removed: 2 });
    const raw = sh(join(rig.folder, 'data/mirrors/rep_1.git'), 'cat-file', '-p', head);
    expect(raw).toContain('author Developer <run@fleet.invalid> 1767323045 +0000');
    expect(raw).toContain('committer Developer <run@fleet.invalid> 1767323045 +0000');
    expect(raw.endsWith('Fleet-Run: run_1')).toBe(true);
  });

  test('nothing changed is no commit', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const base = await rig.sync();
    expect(await rig.commit(await rig.freshTree(base), base, ['a.txt', 'never-there'])).toBeNull();
    expect(await rig.commit(await rig.freshTree(base), base, [])).toBeNull();
  });

  test('names that look like options or patterns are names', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    put(tree, {
      '-rf': '1',
      '--output=x': '2',
      '*': '3',
      ':(top)b': '4',
      'new\nline': '5',
      '$(id)': '6',
      '"q"\t': '7',
    });
    expect(await rig.host.changedPaths({ mirror, tree, commit: base })).toHaveLength(7);
    const head = (await rig.commit(tree, base, ['*', '-rf', 'new\nline', '"q"\t'])) ?? '';
    const names = (await rig.host.changedBetween({ mirror, base, head })).map(({ path }) => path);
    expect(names.sort()).toEqual(['"q"\t', '*', '-rf', 'new\nline']);
    expect(Buffer.from((await rig.host.fileAt({ mirror, commit: head, path: '*' })) ?? []).toString()).toBe('3');
    expect(await rig.host.fileAt({ mirror, commit: head, path: '../a.txt' })).toBeNull();
    expect(await rig.host.fileAt({ mirror, commit: head, path: 'none' })).toBeNull();
  });

  test.each(['../x', '/etc/passwd', 'a//b', './a', ''])('the path %j is refused', async (path) => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const base = await rig.sync();
    await expect(rig.commit(await rig.freshTree(base), base, [path])).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test.each(['HEAD', 'main', '--all', 'a..b', '', 'g'.repeat(40)])('%j is no commit id', async (parent) => {
    rig.personPushes({ 'a.txt': 'one\n' });
    await rig.sync();
    await expect(rig.host.diff({ mirror, base: parent, head: parent })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

describe('patches', () => {
  test('keep their id when their base moves, and lose it when anything of them changes', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}\n`);
    const withLine = (at: number, text: string) => lines.map((line, i) => (i === at ? text : line)).join('');
    rig.personPushes({ 'a.py': lines.join(''), 'b.bin': '\0one' });
    const id = async ({ base, head }: { base: string; head: string }) => rig.host.patchId({ mirror, base, head });
    const first = await id(await rig.branchWith({ 'a.py': withLine(15, '  x = 1\n') }));
    const others: Record<string, string>[] = [
      { 'a.py': withLine(15, '    x = 1\n') },
      { 'b.bin': '\0two' },
      { 'b.bin': '\0six' },
      { 'a.py': withLine(16, '  x = 1\n') },
      { 'c.py': '' },
      { 'd.py': '' },
    ];
    const ids = [first];
    for (const files of others) ids.push(await id(await rig.branchWith(files)));
    expect(new Set(ids).size).toBe(ids.length);
    lines[0] = 'moved\n';
    rig.personPushes({ 'a.py': lines.join(''), 'c.txt': 'c\n' });
    expect(await id(await rig.branchWith({ 'a.py': withLine(15, '  x = 1\n') }))).toBe(first);
  });

  test('are shown as text with their names, renames as renames', async () => {
    rig.personPushes({ 'old.txt': 'same\n'.repeat(20), 'б.txt': 'x\n' });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    put(tree, { 'new.txt': 'same\n'.repeat(20), 'б.txt': 'y\n' });
    rmSync(join(tree, 'old.txt'));
    const head = (await rig.commit(tree, base, ['old.txt', 'new.txt', 'б.txt'])) ?? '';
    const diff = await rig.host.diff({ mirror, base, head });
    expect(diff).toContain('rename from old.txt');
    expect(diff).toContain('+++ b/б.txt\n@@ -1 +1 @@\n-x\n+y\n');
  });
});

describe('merge and push', () => {
  test('a clean merge reaches the remote, and pushing it again changes nothing', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const { base, head } = await rig.branchWith({ 'b.txt': 'b\n' });
    const merged = await rig.merge(base, head);
    if (merged.kind !== 'merged') throw new Error('conflict');
    expect(await rig.merge(base, head)).toEqual(merged);
    const request = { mirror, remote: rig.remote, commit: merged.commit, branch: 'main', expected: base };
    expect(await rig.host.push(request)).toEqual({ kind: 'pushed' });
    expect(await rig.host.push(request)).toEqual({ kind: 'pushed' });
    expect(await rig.host.remoteHead({ remote: rig.remote, branch: 'main' })).toBe(merged.commit);
    expect(sh(rig.remote, 'log', '-1', '--format=%P', 'main')).toBe(`${base} ${head}`);
    expect(await rig.host.contains({ mirror, commit: head, of: merged.commit })).toBe(true);
    expect(await rig.host.contains({ mirror, commit: merged.commit, of: head })).toBe(false);
    expect(await rig.host.contains({ mirror, commit: 'a'.repeat(40), of: head })).toBe(false);
  });

  test('a moved branch is told, never overwritten', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const { base, head } = await rig.branchWith({ 'b.txt': 'b\n' });
    const moved = rig.personPushes({ 'c.txt': 'c\n' });
    const request = { mirror, remote: rig.remote, commit: head, branch: 'main', expected: base };
    expect(await rig.host.push(request)).toEqual({ kind: 'moved', actual: moved });
    expect(await rig.host.push({ ...request, expected: null })).toEqual({ kind: 'moved', actual: moved });
  });

  test('a branch that moves while the push is under way is told too', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const { base, head } = await rig.branchWith({ 'b.txt': 'b\n' });
    sh(rig.remote, 'branch', 'other', base);
    const other = sh(rig.remote, 'commit-tree', '-p', base, '-m', 'faster', `${base}^{tree}`);
    hook('pre-receive', `unset GIT_QUARANTINE_PATH; git update-ref refs/heads/main ${other}`);
    const outcome = await rig.host.push({ mirror, remote: rig.remote, commit: head, branch: 'main', expected: base });
    expect(outcome).toEqual({ kind: 'moved', actual: other });
  });

  test('what does not build on the branch is refused', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const { head } = await rig.branchWith({ 'b.txt': 'b\n' });
    const moved = rig.personPushes({ 'c.txt': 'c\n' });
    await rig.sync();
    const outcome = await rig.host.push({ mirror, remote: rig.remote, commit: head, branch: 'main', expected: moved });
    expect(outcome.kind).toBe('refused');
    expect(await rig.host.remoteHead({ remote: rig.remote, branch: 'main' })).toBe(moved);
  });

  test('a conflict names its files and makes no commit', async () => {
    rig.personPushes({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
    const { head } = await rig.branchWith({ 'a.txt': 'ours\n', 'c.txt': 'fine\n' });
    const moved = rig.personPushes({ 'a.txt': 'theirs\n' });
    await rig.sync();
    expect(await rig.merge(moved, head)).toEqual({ kind: 'conflict', paths: ['a.txt'] });
  });

  test('the words of a refusing remote are kept', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    hook('pre-receive', 'echo "main is frozen" >&2\nexit 1');
    const { base, head } = await rig.branchWith({ 'b.txt': 'b\n' });
    const outcome = await rig.host.push({ mirror, remote: rig.remote, commit: head, branch: 'main', expected: base });
    expect(outcome).toEqual({ kind: 'refused', reason: 'pre-receive hook declined: main is frozen' });
  });

  test('only branches of Fleet are deleted, and twice is fine', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const { head } = await rig.branchWith({ 'b.txt': 'b\n' });
    const request = { mirror, remote: rig.remote, branch: 'fleet/1-add-b' };
    await rig.host.push({ ...request, commit: head, expected: null });
    expect(await rig.host.remoteHead(request)).toBe(head);
    const deleting = { ...request, expected: head };
    expect(await rig.host.deleteBranch(deleting)).toEqual({ kind: 'deleted' });
    expect(await rig.host.deleteBranch(deleting)).toEqual({ kind: 'deleted' });
    expect(await rig.host.remoteHead(request)).toBeNull();
    await expect(rig.host.deleteBranch({ ...deleting, branch: 'main' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('a task branch that somebody pushed to is kept', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const { head } = await rig.branchWith({ 'b.txt': 'b\n' });
    const request = { mirror, remote: rig.remote, branch: 'fleet/1-add-b' };
    await rig.host.push({ ...request, commit: head, expected: null });
    const theirs = rig.personPushes({ 'c.txt': 'c\n' });
    sh(rig.remote, 'branch', '-f', request.branch, 'main');
    expect(await rig.host.deleteBranch({ ...request, expected: head })).toEqual({ kind: 'moved', actual: theirs });
    expect(await rig.host.remoteHead(request)).toBe(theirs);
  });

  test('syncing again follows the remote, forgets its deleted branches and leaves Fleet’s commits', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    sh(rig.remote, 'branch', 'side', 'main');
    const { base, head } = await rig.branchWith({ 'b.txt': 'b\n' });
    sh(rig.remote, 'branch', '-D', 'side');
    const moved = rig.personPushes({ 'c.txt': 'c\n' });
    const heads = await Promise.all([rig.sync(), rig.sync(), rig.sync()]);
    expect(heads).toEqual([moved, moved, moved]);
    const refs = sh(join(rig.folder, 'data/mirrors/rep_1.git'), 'for-each-ref', '--format=%(refname)');
    expect(refs.split('\n')).toEqual([`refs/fleet/commits/${head}`, 'refs/remotes/origin/main']);
    expect(base).not.toBe(moved);
  });

  function hook(name: string, script: string): void {
    mkdirSync(join(rig.remote, 'hooks'), { recursive: true });
    writeFileSync(join(rig.remote, 'hooks', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(rig.remote, 'hooks', name), 0o755);
    expect(existsSync(join(rig.remote, 'hooks', name))).toBe(true);
  }
});
