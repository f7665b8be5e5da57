import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gitRig, mirror, put, sh, shWith, type Rig } from './git-rig.ts';

let rig: Rig;
let canary = '';
beforeEach(() => {
  rig = gitRig();
  canary = join(rig.folder, 'canary');
});
afterEach(() => {
  expect(existsSync(canary), 'something ran').toBe(false);
  rig.close();
});

/** Everything a repository's own configuration can run. */
const evilConfig = () => `[core]
	fsmonitor = touch ${canary}; false
	hooksPath = hooks
	sshCommand = touch ${canary}
	pager = touch ${canary}
	editor = touch ${canary}
	attributesFile = ${canary}.attributes
[filter "evil"]
	clean = touch ${canary}
	smudge = touch ${canary}
	process = touch ${canary}
[diff]
	external = touch ${canary}
[diff "evil"]
	textconv = touch ${canary}
	command = touch ${canary}
[merge "evil"]
	driver = touch ${canary}
[gpg]
	program = touch ${canary}
[commit]
	gpgSign = true
[include]
	path = ${canary}.include
[alias]
	status = !touch ${canary}
`;

function poison(gitDir: string): void {
  put(gitDir, {
    config: evilConfig(),
    HEAD: 'ref: refs/heads/main\n',
    'info/attributes': '* filter=evil diff=evil merge=evil\n',
  });
  for (const hook of [
    'post-index-change',
    'pre-commit',
    'post-checkout',
    'reference-transaction',
    'pre-push',
    'post-merge',
    'fsmonitor-watchman',
  ]) {
    put(gitDir, { [`hooks/${hook}`]: `#!/bin/sh\ntouch ${canary}\n` });
    chmodSync(join(gitDir, 'hooks', hook), 0o755);
  }
}

async function workOn(
  tree: string,
  base: string,
  paths: string[],
): Promise<{ changed: string[]; head: string | null }> {
  const changed = (await rig.host.changedPaths({ mirror, tree, commit: base })).map(({ path }) => path);
  const head = await rig.commit(tree, base, paths);
  if (head !== null) {
    await rig.host.diff({ mirror, base, head });
    await rig.host.patchId({ mirror, base, head });
    await rig.merge(base, head);
  }
  return { changed, head };
}

const pathsBetween = async (base: string, head: string | null) =>
  (await rig.host.changedBetween({ mirror, base, head: head ?? '' })).map(({ path }) => path).toSorted();

describe('nothing in a work tree runs on the host', () => {
  test('names that are not UTF-8 are told and not taken', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    put(tree, { 'new.txt': 'x\n', 'naïve.txt': 'x\n' });
    writeFileSync(Buffer.concat([Buffer.from(join(tree, 'odd-')), Buffer.of(0xff), Buffer.from('.txt')]), 'x\n');
    const changed = await rig.host.changedPaths({ mirror, tree, commit: base });
    expect(changed.map(({ path, unnameable }) => [path, unnameable ?? false]).toSorted()).toEqual([
      ['naïve.txt', false],
      ['new.txt', false],
      ['odd-\\xff.txt', true],
    ]);
    // As a hand-off does: it takes what can be named.
    const named = changed.filter(({ unnameable }) => !unnameable).map(({ path }) => path);
    const head = await rig.commit(tree, base, named);
    expect(await pathsBetween(base, head)).toEqual(['naïve.txt', 'new.txt']);
  });

  test('a .git folder at the top', async () => {
    rig.personPushes({ 'a.txt': 'one\n', '.gitattributes': '*.txt filter=evil diff=evil merge=evil\n' });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    sh(tree, 'init', '--quiet');
    poison(join(tree, '.git'));
    put(tree, { 'a.txt': 'two\n' });
    const { changed, head } = await workOn(tree, base, ['a.txt', '.git/config']);
    expect(changed).toEqual(['a.txt']);
    expect(await pathsBetween(base, head)).toEqual(['a.txt']);
  });

  test('a nested repository gives its files and nothing else', async () => {
    rig.personPushes({ 'a.txt': 'one\n', 'lib/old.txt': 'old\n' });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    for (const folder of ['new', 'lib', 'new/deeper']) {
      sh(tree, 'init', '--quiet', folder);
      put(join(tree, folder), { 'file.txt': 'x\n' });
      sh(join(tree, folder), 'add', 'file.txt');
      sh(join(tree, folder), 'commit', '--quiet', '-m', 'nested');
      poison(join(tree, folder, '.git'));
    }
    const { changed, head } = await workOn(tree, base, [
      'new/file.txt',
      'lib/file.txt',
      'new/deeper/file.txt',
      'new',
      'new/.git/config',
    ]);
    expect(changed.sort()).toEqual(['lib/file.txt', 'new/deeper/file.txt', 'new/file.txt']);
    expect(await pathsBetween(base, head)).toEqual(['lib/file.txt', 'new/deeper/file.txt', 'new/file.txt']);
    expect(sh(join(rig.folder, 'data/mirrors/rep_1.git'), 'ls-tree', '-r', head ?? '')).not.toContain('160000');
  });

  test.each(['link', 'file'])('.git as a %s to a poisoned repository', async (kind) => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    const evil = join(tree, 'evil');
    sh(tree, 'init', '--quiet', '--bare', 'evil');
    poison(evil);
    mkdirSync(join(tree, 'sub'));
    for (const at of [join(tree, '.git'), join(tree, 'sub/.git')]) {
      if (kind === 'link') symlinkSync(evil, at);
      else writeFileSync(at, `gitdir: ${evil}\n`);
    }
    put(tree, { 'a.txt': 'two\n', 'sub/b.txt': 'b\n' });
    const { changed } = await workOn(tree, base, ['a.txt', 'sub/b.txt']);
    expect(changed).toContain('a.txt');
    expect(changed).toContain('sub/b.txt');
    expect(changed.some((path) => /(?:^|\/)\.git(?:\/|$)/u.test(path))).toBe(false);
  });

  test('a submodule stays what the parent says, whatever lies in its folder', async () => {
    const inner = join(rig.folder, 'inner');
    sh(rig.folder, 'init', '--quiet', inner);
    sh(inner, 'commit', '--quiet', '--allow-empty', '-m', 'inner');
    const pinned = sh(inner, 'rev-parse', 'HEAD');
    rig.personPushes(
      {
        'a.txt': 'one\n',
        '.gitmodules': `[submodule "m"]\n\tpath = m\n\turl = ${inner}\n`,
      },
      (clone) => {
        sh(clone, 'update-index', '--add', '--cacheinfo', `160000,${pinned},m`);
        mkdirSync(join(clone, 'm'));
      },
    );
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    sh(tree, 'init', '--quiet', 'm');
    sh(join(tree, 'm'), 'commit', '--quiet', '--allow-empty', '-m', 'moved');
    poison(join(tree, 'm/.git'));
    put(tree, { 'a.txt': 'two\n' });
    const { changed, head } = await workOn(tree, base, ['a.txt']);
    expect(changed).toEqual(['a.txt']);
    expect(sh(join(rig.folder, 'data/mirrors/rep_1.git'), 'ls-tree', head ?? '', 'm')).toContain(pinned);
  });

  test('a mirror’s own configuration was not written by a tenant, and yet is not believed', async () => {
    rig.personPushes({ 'a.txt': 'one\n', '.gitattributes': '*.txt diff=evil\n' });
    const base = await rig.sync();
    const dir = join(rig.folder, 'data/mirrors/rep_1.git');
    const evil = evilConfig().replace(/\[filter[^[]*|\[diff "[^[]*|\[merge[^[]*/gu, '');
    writeFileSync(join(dir, 'config'), readFileSync(join(dir, 'config'), 'utf8') + evil);
    const tree = await rig.freshTree(base);
    put(tree, { 'a.txt': 'two\n' });
    const { head } = await workOn(tree, base, ['a.txt']);
    expect(head).not.toBeNull();
    await rig.sync();
  });
});

describe('attributes in a repository change nothing', () => {
  test('no bytes, neither out nor in', async () => {
    const text = 'one\r\ntwo\n$Id$\n';
    rig.personPushes({ 'a.txt': text }, (clone) => writeFileSync(join(clone, 'late'), ''));
    rig.personPushes({ '.gitattributes': '* text eol=crlf ident\n' }, (clone) => {
      sh(clone, 'config', 'core.attributesFile', '/dev/null');
    });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    const stored = await rig.host.fileAt({ mirror, commit: base, path: 'a.txt' });
    expect(readFileSync(join(tree, 'a.txt')).equals(Buffer.from(stored ?? []))).toBe(true);
    put(tree, { 'b.txt': text });
    const head = (await rig.commit(tree, base, ['b.txt'])) ?? '';
    expect(Buffer.from((await rig.host.fileAt({ mirror, commit: head, path: 'b.txt' })) ?? []).toString()).toBe(text);
  });

  test('no diff is hidden from a reviewer', async () => {
    rig.personPushes({ 'a.js': 'one\n' });
    const { base, head } = await rig.branchWith({
      'a.js': 'two\n',
      '.gitattributes': '*.js -diff binary merge=ours linguist-generated\n',
    });
    expect(await rig.host.diff({ mirror, base, head })).toContain('-one\n+two\n');
    const again = await rig.branchWith({
      'a.js': 'six\n',
      '.gitattributes': '*.js -diff binary merge=ours linguist-generated\n',
    });
    expect(await rig.host.patchId({ mirror, ...again })).not.toBe(await rig.host.patchId({ mirror, base, head }));
  });
});

describe('links are data', () => {
  test('a link out of the tree is recorded as a link, and nothing is read or written through one', async () => {
    rig.personPushes({ 'dir/a.txt': 'one\n', 'b.txt': 'b\n' });
    const base = await rig.sync();
    const tree = await rig.freshTree(base);
    const outside = join(rig.folder, 'outside');
    put(outside, { 'a.txt': 'secret\n' });
    rmSync(join(tree, 'dir'), { recursive: true });
    symlinkSync(outside, join(tree, 'dir'));
    symlinkSync('/etc/passwd', join(tree, 'link'));
    const { changed, head } = await workOn(tree, base, ['dir/a.txt', 'dir', 'link']);
    expect(changed.sort()).toEqual(['dir', 'dir/a.txt', 'link']);
    const names = await rig.host.changedBetween({ mirror, base, head: head ?? '' });
    expect(names.map(({ path, status, symlink }) => [path, status, symlink])).toEqual([
      ['dir', 'added', true],
      ['dir/a.txt', 'deleted', false],
      ['link', 'added', true],
    ]);
    const kept = await rig.host.fileAt({ mirror, commit: head ?? '', path: 'link' });
    expect(Buffer.from(kept ?? []).toString()).toBe('/etc/passwd');
    expect(readFileSync(join(outside, 'a.txt'), 'utf8')).toBe('secret\n');
  });
});

describe('what a remote can send', () => {
  test('a commit with a .git inside is not let in', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const blob = shWith(rig.remote, '[core]\n', 'hash-object', '-w', '--stdin');
    const inner = shWith(rig.remote, `100644 blob ${blob}\tconfig\n`, 'mktree');
    const outer = shWith(rig.remote, `040000 tree ${inner}\t.GIT\n`, 'mktree');
    const commit = sh(rig.remote, 'commit-tree', '-m', 'evil', outer);
    sh(rig.remote, 'update-ref', 'refs/heads/main', commit);
    await expect(rig.sync()).rejects.toMatchObject({
      code: 'repo_not_allowed',
      message: expect.stringMatching(/dangerous/u),
    });
  });

  test('a submodule with a command in it is not let in', async () => {
    rig.personPushes({ '.gitmodules': `[submodule "m"]\n\tpath = m\n\turl = x\n\tupdate = !touch ${canary}\n` });
    await expect(rig.sync()).rejects.toMatchObject({ code: 'repo_not_allowed' });
  });

  test('branches that look like options are names', async () => {
    const head = rig.personPushes({ 'a.txt': 'one\n' });
    writeFileSync(
      join(rig.remote, 'packed-refs'),
      `# pack-refs with: peeled fully-peeled sorted\n${head} refs/heads/--upload-pack=touch\n${head} refs/heads/$(touch)\n`,
    );
    expect(await rig.sync()).toBe(head);
  });

  test.each([
    '--upload-pack=touch x',
    '-c core.x=y',
    'ext::sh -c touch% x',
    'fd::7',
    'https://host/x\nhttps://other/y',
    'ftp://host/x',
    'rsync://host/x',
    'https://',
    'http://-oProxyCommand=x/y',
    'ssh://-oProxyCommand=x/y',
    '-oProxyCommand=x:y',
    'host:-x',
    'relative/path',
    'ssh://user:word@host/x',
    'gopher://x',
    '',
  ])('the remote %j is not allowed', async (address) => {
    await expect(rig.host.inspect({ remote: address })).rejects.toMatchObject({ code: 'repo_not_allowed' });
  });
});
