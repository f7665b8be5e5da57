import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerAs, testWeb, type TestWeb } from '../../api/testing/test-web.ts';
import { openListener } from '../../db/listen.ts';
import { readEvents } from '../../db/read-events.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, type TestOrg } from '../../testing/factories.ts';

let tested: TestDatabase;
let web: TestWeb;
let folder: string;
let locked: Server;

beforeAll(async () => {
  tested = await testDatabase();
  const listener = openListener(tested.appUrl);
  web = testWeb({ database: tested.database, listener });
  folder = mkdtempSync(path.join(tmpdir(), 'fleet-repos-'));
  locked = createServer((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  });
  await new Promise<void>((resolve) => locked.listen(0, '127.0.0.1', resolve));
  return () => listener.close();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(web.dataDir, { recursive: true, force: true });
  await new Promise((resolve) => locked.close(resolve));
});

const as = (org: TestOrg, operator = true) =>
  callerAs(web, { userId: org.owner.userId, email: org.owner.email, operator });

/** A work tree with these files in one commit on `trunk`, and the bare repository made of it. None: without a commit. */
function repository(name: string, files: Record<string, string>): { tree: string; bare: string } {
  const tree = path.join(folder, name);
  const bare = `${tree}.git`;
  mkdirSync(tree, { recursive: true });
  const git = (...args: string[]) => execFileSync('git', args, { cwd: tree, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=trunk');
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(tree, file), text);
  if (Object.keys(files).length > 0) {
    git('add', '.');
    git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'first');
  }
  git('clone', '--quiet', '--bare', '.', bare);
  return { tree, bare };
}

const tests = { 'package.json': JSON.stringify({ scripts: { test: 'node --test' } }) };

describe('connecting', () => {
  it('the sample makes it a remote of the org, its mirror and one event; again answers with the same', async () => {
    const org = await makeOrg(tested.database);
    const input = { org: org.slug, source: 'sample' as const };
    const repo = await as(org, false).repos.connect(input);
    expect(repo).toMatchObject({
      name: 'sample-api',
      source: 'sample',
      defaultBranch: 'main',
      testCommand: 'npm test',
      remote: path.join(web.dataDir, 'remotes', org.orgId, 'sample-api.git'),
    });
    expect(repo.files).toBeGreaterThanOrEqual(16);
    const head = await web.codeHost.remoteHead({ remote: repo.remote, trusted: true, branch: 'main' });
    const manifest = await web.codeHost.fileAt({ mirror: repo.id, commit: head ?? '', path: 'package.json' });
    expect(Buffer.from(manifest ?? []).toString()).toContain('node --test');
    expect(await as(org, false).repos.connect(input)).toEqual(repo);
    expect(await as(org).repos.list({ org: org.slug })).toEqual([{ ...repo, confirmed: false }]);
    const { orgId, db } = org;
    const events = await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 10 });
    expect(events.map(({ kind }) => kind)).toEqual(['org.created', 'repo.connected']);
  });

  it('a folder on the server, as the operator; looking at it first saves nothing', async () => {
    const org = await makeOrg(tested.database);
    const { bare: remote } = repository('shop-api', { ...tests, 'a.js': '' });
    const seen = await as(org).repos.probe({ org: org.slug, source: 'local', remote });
    expect(seen).toMatchObject({ name: 'shop-api', defaultBranch: 'trunk', files: 2, testCommand: 'npm test' });
    expect(await org.db.repo.count()).toBe(0);
    const repo = await as(org).repos.connect({ org: org.slug, source: 'local', remote, name: 'shop' });
    expect(repo).toMatchObject({ name: 'shop', remote, files: 2 });
    const again = as(org).repos.connect({ org: org.slug, source: 'local', remote, name: 'shop' });
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('a repo without tests only with a command that somebody typed', async () => {
    const org = await makeOrg(tested.database);
    const { bare: remote } = repository('no-tests', { 'README.md': 'x' });
    const input = { org: org.slug, source: 'local' as const, remote };
    await expect(as(org).repos.probe(input)).rejects.toMatchObject({ cause: { code: 'no_test_command' } });
    await expect(as(org).repos.connect(input)).rejects.toMatchObject({ cause: { code: 'no_test_command' } });
    const repo = await as(org).repos.connect({ ...input, testCommand: 'make check' });
    expect(repo).toMatchObject({ testCommand: 'make check' });
  });
});

describe('what is refused says what to do, and nothing is saved', () => {
  const port = () => (locked.address() as AddressInfo).port;
  type Case = { name: string; source: 'local' | 'git'; remote: () => string; code: string; says: RegExp };
  const table: [string, Case['source'], () => string, string, RegExp][] = [
    ['nobody answers', 'git', () => 'http://127.0.0.1:1/a.git', 'repo_unreachable', /Check the address/],
    [
      'needs a password',
      'git',
      () => `http://127.0.0.1:${port()}/a.git`,
      'repo_needs_credentials',
      /password|sign|log|credential/i,
    ],
    ['no such folder', 'local', () => path.join(folder, 'nowhere'), 'repo_unreachable', /Check the address/],
    ['empty', 'local', () => repository('empty', {}).bare, 'repo_empty', /Push a first commit/],
    ['checked out', 'local', () => repository('open', tests).tree, 'repo_not_allowed', /Connect a bare repository/],
    ['a relative path', 'local', () => 'shop-api', 'invalid_input', /whole path/],
    ['a password in it', 'git', () => 'https://me:pw@git.example.com/a.git', 'invalid_input', /password/],
    ['a token in it', 'git', () => 'https://token@git.example.com/a.git', 'invalid_input', /password/],
    ['a path as URL', 'git', () => `file://${folder}`, 'invalid_input', /git URL/],
    ['a path as git URL', 'git', () => folder, 'invalid_input', /git URL/],
    ['a remote helper', 'git', () => 'ext::sh -c touch% /tmp/x', 'invalid_input', /git URL/],
    ['a helper behind a host', 'git', () => 'git@ext::sh', 'invalid_input', /git URL/],
    ['an option', 'git', () => '--upload-pack=touch', 'invalid_input', /address/],
    ['a line break', 'git', () => 'https://git.example.com/a\n.git', 'invalid_input', /address/],
  ];

  const cases = table.map(([name, source, remote, code, says]): Case => ({ name, source, remote, code, says }));

  it.each(cases)('$name', async ({ source, remote, code, says }) => {
    const org = await makeOrg(tested.database);
    const input = { org: org.slug, source, remote: remote() };
    for (const asking of [as(org).repos.probe, as(org).repos.connect]) {
      const asked = asking(input);
      await expect(asked).rejects.toMatchObject({ cause: { code }, message: expect.stringMatching(says) });
    }
    expect(await org.db.repo.count()).toBe(0);
  });

  it('a folder on the server, to everyone but the operator, whatever he is in the org', async () => {
    const org = await makeOrg(tested.database);
    const { bare: remote } = repository('private', tests);
    const admin = await makeMember(tested.database, org, 'admin');
    for (const person of [org.owner, admin]) {
      const calls = callerAs(web, { ...person, operator: false });
      for (const asking of [calls.repos.probe, calls.repos.connect]) {
        const asked = asking({ org: org.slug, source: 'local', remote });
        await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN', cause: { code: 'repo_not_allowed' } });
      }
    }
    expect(await org.db.repo.count()).toBe(0);
  });

  it.each([
    'http://127.0.0.1:9/a.git',
    'http://169.254.169.254/a.git',
    'git@127.0.0.1:a.git',
    'git@github.com:a/b.git',
  ])('%s, to everyone but the operator: git would reach it with rights of the server', async (remote) => {
    const org = await makeOrg(tested.database);
    const input = { org: org.slug, source: 'git' as const, remote };
    for (const asking of [as(org, false).repos.probe, as(org, false).repos.connect]) {
      await expect(asking(input)).rejects.toMatchObject({
        code: 'FORBIDDEN',
        cause: { code: 'repo_not_allowed' },
        message: expect.stringMatching(/Only the operator may allow that/),
      });
    }
    expect(await org.db.repo.count()).toBe(0);
  });

  it('keeps who connected a repo: the sample is anybody’s, a git URL goes with the rights of its person', async () => {
    const org = await makeOrg(tested.database);
    await as(org, false).repos.connect({ org: org.slug, source: 'sample' });
    const { bare: remote } = repository('kept', tests);
    await as(org).repos.connect({ org: org.slug, source: 'local', remote, name: 'kept' });
    const rows = await org.db.repo.findMany({ orderBy: { createdAt: 'asc' } });
    expect(rows.map(({ source, byOperator }) => ({ source, byOperator }))).toEqual([
      { source: 'sample', byOperator: false },
      { source: 'local', byOperator: true },
    ]);
  });
});
