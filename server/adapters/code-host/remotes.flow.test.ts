import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gitRunner } from './git-command.ts';
import { gitRig, mirror, serveGit, sh, type GitServer, type Rig } from './git-rig.ts';
import { listRemote, type Outside } from './outside.ts';
import { parseRemote } from './remote.ts';

let rig: Rig;
const servers: GitServer[] = [];
const serve = async (options: { password?: string; redirectTo?: string }) => {
  const server = await serveGit({ root: rig.folder, ...options });
  servers.push(server);
  return server;
};
beforeEach(() => (rig = gitRig()));
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rig.close();
});

describe('a repository is looked at before it is saved', () => {
  test('default branch, head, size and test command; nothing of it stays', async () => {
    const head = rig.personPushes({ 'package.json': '{"scripts":{"test":"node --test"}}', 'src/a.js': 'a\n' });
    const found = { defaultBranch: 'main', head, files: 2, bytes: 36, found: { testCommand: 'npm test' } };
    expect(await rig.host.inspect({ remote: rig.remote })).toMatchObject(found);
    expect(await rig.host.inspect({ remote: `file://${rig.remote}` })).toMatchObject(found);
    expect(readdirSync(join(rig.folder, 'data/mirrors'))).toEqual([]);
  });

  test('another default branch', async () => {
    rig.personPushes({ 'readme.md': 'hello\n' });
    sh(rig.remote, 'branch', '-m', 'main', 'trunk');
    sh(rig.remote, 'symbolic-ref', 'HEAD', 'refs/heads/trunk');
    expect(await rig.host.inspect({ remote: rig.remote })).toMatchObject({
      defaultBranch: 'trunk',
      found: { testCommand: null },
    });
    sh(rig.remote, 'symbolic-ref', 'HEAD', 'refs/heads/unborn');
    expect(await rig.host.inspect({ remote: rig.remote })).toMatchObject({ defaultBranch: 'trunk' });
  });

  test('empty', async () => {
    await expect(rig.host.inspect({ remote: rig.remote })).rejects.toMatchObject({
      code: 'repo_empty',
      message: expect.stringMatching(/Push a first commit/u),
    });
  });

  test.each(['by path', 'over http'])('one that is too large is said to be, and leaves nothing: %s', async (how) => {
    const files = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`${n}.txt`, `${n}\n`]));
    rig.personPushes(files, (clone) => writeFileSync(join(clone, 'big.bin'), randomBytes(300_000)));
    const remote = how === 'by path' ? rig.remote : `${(await serve({})).url}/remote.git`;
    const small = rig.hostWith({ maxPackBytes: 100 * 1024 });
    const refusal = {
      code: 'repo_not_allowed',
      message: expect.stringMatching(/holds more than 100 KiB packed, the most that Fleet fetches at once/u),
    };
    await expect(small.inspect({ remote, trusted: true })).rejects.toMatchObject(refusal);
    await expect(small.sync({ mirror, remote, trusted: true, defaultBranch: 'main' })).rejects.toMatchObject(refusal);
    expect(readdirSync(join(rig.folder, 'data/mirrors', `${mirror}.git/objects/pack`))).toEqual([]);
    await rig.host.sync({ mirror, remote, trusted: true, defaultBranch: 'main' });
  });

  test('a work tree whose branch is checked out could not take the push', async () => {
    rig.personPushes({ 'a.txt': 'a\n' });
    const clone = join(rig.folder, 'clone');
    sh(rig.folder, 'clone', '--quiet', rig.remote, clone);
    await expect(rig.host.inspect({ remote: clone })).rejects.toMatchObject({
      code: 'repo_not_allowed',
      message: expect.stringMatching(/updateInstead/u),
    });
    sh(clone, 'config', 'receive.denyCurrentBranch', 'updateInstead');
    expect(await rig.host.inspect({ remote: clone })).toMatchObject({ defaultBranch: 'main' });
    sh(clone, 'config', '--unset', 'receive.denyCurrentBranch');
    sh(clone, 'checkout', '--quiet', '--detach');
    expect(await rig.host.inspect({ remote: clone })).toMatchObject({ defaultBranch: 'main' });
  });

  test('a path needs the right to name one', async () => {
    const strict = rig.hostWith({ allowLocal: false });
    for (const address of [
      rig.remote,
      `file://${rig.remote}`,
      'FILE:///x',
      'http://127.0.0.1:9/x',
      'http://[::1]/x',
      'http://localhost/x',
      'ssh://10.0.0.1/x',
      'git@192.168.1.1:x',
      'git@github.com:a/b.git',
      'git://93.184.216.34/x',
      'http://2130706433/x',
      'http://169.254.169.254/latest/meta-data',
      'http://[::ffff:127.0.0.1]/x',
      'http://[64:ff9b::7f00:1]/x',
      'http://localhost./x',
    ]) {
      await expect(strict.inspect({ remote: address }), address).rejects.toMatchObject({ code: 'repo_not_allowed' });
      const asked = rig.hostWith({ allowLocal: 'if-trusted' }).inspect({ remote: address });
      await expect(asked, address).rejects.toMatchObject({ code: 'repo_not_allowed' });
    }
  });

  test('what the operator connected is read with his rights, in the same mirrors', async () => {
    const head = rig.personPushes({ 'a.txt': 'a\n' });
    const host = rig.hostWith({ allowLocal: 'if-trusted' });
    const of = { remote: rig.remote, trusted: true };
    expect(await host.inspect(of)).toMatchObject({ head });
    expect(await host.sync({ mirror, ...of, defaultBranch: 'main' })).toBe(head);
    expect(await host.remoteHead({ ...of, branch: 'main' })).toBe(head);
    const untrusted = { mirror, remote: rig.remote, branch: 'fleet/x', expected: head };
    const refused = { code: 'repo_not_allowed' };
    await expect(host.push({ ...untrusted, commit: head })).rejects.toMatchObject(refused);
    await expect(host.deleteBranch({ ...untrusted, expected: head })).rejects.toMatchObject(refused);
    await expect(host.remoteHead(untrusted)).rejects.toMatchObject(refused);
    await expect(host.sync({ ...untrusted, defaultBranch: 'main' })).rejects.toMatchObject(refused);
  });

  test('git connects to the address that was checked, not to what the name says', async () => {
    const head = rig.personPushes({ 'a.txt': 'a\n' });
    const { port } = new URL((await serve({})).url);
    const remote = parseRemote(`http://code.example:${port}/remote.git`, false);
    const pin = `code.example:${port}:127.0.0.1`;
    const outside = { git: gitRunner({ sshKeys: false }), askTimeoutMs: 30_000, redirects: false } as Outside;
    const { branches } = await listRemote(outside, { ...remote, pin }, ['refs/heads/*']);
    expect(branches.get('main')).toBe(head);
  });

  test.each([
    '/nowhere/at/all',
    '/etc',
    'http://127.0.0.1:9/repo.git',
    'git://127.0.0.1:9/repo.git',
    'ssh://127.0.0.1:9/repo.git',
    'https://no-such-host.invalid/x.git',
  ])('%s is not reachable, and the message says what to check', async (address) => {
    await expect(rig.host.inspect({ remote: address })).rejects.toMatchObject({
      code: 'repo_unreachable',
      message: expect.stringMatching(/Check|Run once/u),
    });
  });
});

describe('over HTTP', () => {
  test('inspect, sync, merge, push and delete', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    sh(rig.remote, 'config', 'http.receivepack', 'true');
    const remote = `${(await serve({})).url}/remote.git`;
    const { head: base } = await rig.host.inspect({ remote });
    expect(await rig.host.sync({ mirror, remote, defaultBranch: 'main' })).toBe(base);
    const { head } = await rig.branchWith({ 'b.txt': 'b\n' });
    const merged = await rig.merge(base, head);
    if (merged.kind !== 'merged') throw new Error('conflict');
    expect(await rig.host.push({ mirror, remote, commit: head, branch: 'fleet/b', expected: null })).toEqual({
      kind: 'pushed',
    });
    expect(await rig.host.push({ mirror, remote, commit: merged.commit, branch: 'main', expected: base })).toEqual({
      kind: 'pushed',
    });
    await rig.host.deleteBranch({ mirror, remote, branch: 'fleet/b', expected: head });
    expect(sh(rig.remote, 'for-each-ref', '--format=%(objectname) %(refname)')).toBe(
      `${merged.commit} refs/heads/main`,
    );
  });

  test('a password is never asked for and never taken', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const { url } = await serve({ password: 'hunter2' });
    await expect(rig.host.inspect({ remote: `${url}/remote.git` })).rejects.toMatchObject({
      code: 'repo_needs_credentials',
      message: expect.stringMatching(/public address/u),
    });
    const fault = rig.host.inspect({ remote: `${url.replace('//', '//git:hunter2@')}/remote.git` });
    await expect(fault).rejects.toMatchObject({ code: 'repo_not_allowed' });
    await expect(fault).rejects.not.toThrow(/hunter2/u);
  });

  test('no repository there', async () => {
    const { url } = await serve({});
    await expect(rig.host.inspect({ remote: `${url}/none.git` })).rejects.toMatchObject({
      code: 'repo_unreachable',
      message: expect.stringMatching(/no git repository/u),
    });
  });

  test('a redirect is followed for the operator alone', async () => {
    const head = rig.personPushes({ 'a.txt': 'one\n' });
    const target = await serve({});
    const { url } = await serve({ redirectTo: target.url });
    expect(await rig.host.inspect({ remote: `${url}/remote.git` })).toMatchObject({ head });
  });

  test('a server that never answers is given up', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const hasty = rig.hostWith({ askTimeoutMs: 1000 });
    const asked = hasty.remoteHead({ remote: `http://127.0.0.1:${port}/x.git`, branch: 'main' });
    await expect(asked).rejects.toMatchObject({
      code: 'repo_unreachable',
      message: expect.stringMatching(/does not answer/u),
    });
    silent.close();
  });
});

describe('mirrors', () => {
  test('a branch that is gone is said; a mirror that never was is not found; odd names are refused', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    const sync = (defaultBranch: string) => rig.host.sync({ mirror, remote: rig.remote, defaultBranch });
    await expect(sync('none')).rejects.toMatchObject({
      code: 'repo_empty',
      message: expect.stringMatching(/no branch none/u),
    });
    for (const name of ['-x', '../x', 'a..b', 'a b', 'x.lock', '/x', 'x~1', 'a@{1}', '']) {
      await expect(sync(name), name).rejects.toMatchObject({ code: 'invalid_input' });
    }
    const into = join(rig.folder, 'into');
    mkdirSync(into);
    await expect(rig.host.checkout({ mirror: 'rep_2', commit: 'a'.repeat(40), into })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(rig.host.checkout({ mirror: '../x', commit: 'a'.repeat(40), into })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  test('are for nobody else on the machine', async () => {
    rig.personPushes({ 'a.txt': 'one\n' });
    await rig.sync();
    expect(statSync(join(rig.folder, 'data/mirrors')).mode & 0o077).toBe(0);
  });
});

test('what the files tell of how to set them up, of Git LFS and of submodules', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:' + 'a'.repeat(64) + '\nsize 12345\n';
  const head = rig.personPushes(
    {
      'package.json': '{"scripts":{"test":"x"},"dependencies":{"a":"1"}}',
      'package-lock.json': '{}',
      'assets/one.bin': pointer,
      'assets/two.bin': pointer.replace('12345', '54321'),
      'assets/not.txt': 'z'.repeat(130),
    },
    (clone) => {
      mkdirSync(join(clone, 'vendor/lib'), { recursive: true });
      sh(clone, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},vendor/lib`);
    },
  );
  const seen = { files: 5, lfsPointers: 2, submodules: ['vendor/lib'], found: { setup: { install: 'npm ci' } } };
  expect(await rig.host.inspect({ remote: rig.remote })).toMatchObject(seen);
  await rig.sync();
  expect(await rig.host.survey({ mirror, commit: head })).toMatchObject(seen);
});
