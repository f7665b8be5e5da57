import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { callerAs, testWeb, type TestWeb } from '../../../api/testing/test-web.ts';
import { openListener } from '../../../db/listen.ts';
import { readAllEvents } from '../../../db/read-events.ts';
import { decide } from '../../../domain/policy/decide.ts';
import { testDatabase, type TestDatabase } from '../../../testing/database.ts';
import { makeOrg, makeStarters } from '../../../testing/factories.ts';
import { readRunPolicy } from '../../policy/read-run-policy.ts';

export const narrow = `limits:
  - { id: no-docs, on: write, paths: ['docs/**'], then: deny }
cases:
  - { write: docs/a.md, is: deny }
`;
export const policyFile = '.fleet/policy.yaml';

/** Repositories on this machine whose files propose something; to be asked for once in a file of tests. */
export function proposingRepos() {
  const rig = {} as { tested: TestDatabase; web: TestWeb; folder: string };
  beforeAll(async () => {
    const tested = await testDatabase();
    const listener = openListener(tested.appUrl);
    const web = testWeb({ database: tested.database, listener });
    Object.assign(rig, { tested, web, folder: mkdtempSync(path.join(tmpdir(), 'fleet-proposals-')) });
    return () => listener.close();
  });
  afterAll(() => {
    rmSync(rig.folder, { recursive: true, force: true });
    rmSync(rig.web.dataDir, { recursive: true, force: true });
  });
  return { rig, start: () => start(rig) };
}

/** An org with a connected repository of its own, whose default branch a person pushes to. */
async function start({ tested, web, folder }: { tested: TestDatabase; web: TestWeb; folder: string }) {
  const org = await makeOrg(tested.database);
  const { policyVersionId } = await makeStarters(tested.database, org);
  const tree = path.join(folder, org.slug);
  const bare = `${tree}.git`;
  mkdirSync(tree);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: tree, stdio: 'pipe' });
  const push = (files: Record<string, string | null>) => {
    for (const [file, text] of Object.entries(files)) {
      const at = path.join(tree, file);
      mkdirSync(path.dirname(at), { recursive: true });
      rmSync(at, { force: true });
      if (text !== null) writeFileSync(at, text);
    }
    git('add', '--all', '.');
    git('commit', '--quiet', '--allow-empty', '-m', 'next');
    git('push', '--quiet', bare, 'main');
  };
  git('init', '--quiet', '--initial-branch=main');
  git('init', '--quiet', '--bare', '--initial-branch=main', bare);
  push({ 'package.json': JSON.stringify({ scripts: { test: 'node --test' } }) });
  const as = (user = org.owner) => callerAs(web, { ...user, operator: true });
  const repo = await as().repos.connect({ org: org.slug, source: 'local', remote: bare, name: 'api' });
  const of = { org: org.slug, repoId: repo.id };
  const see = async (files: Record<string, string | null> = {}) => {
    push(files);
    await as().proposals.look(of);
    return as().proposals.list(of);
  };
  type Seen = { id: string; digest: string; basedOn: number | null; hash: string | null };
  const accept = async ({ id: proposalId, digest, basedOn, hash }: Seen, by = org.owner, above?: number) => {
    const orgVersion = above ?? (await as().proposals.list(of)).orgVersion;
    const seen = { basedOn: basedOn ?? 0, orgVersion, hash: hash ?? '' };
    return as(by).proposals.accept({ org: org.slug, proposalId, digest, ...seen });
  };
  const { orgId, db } = org;
  const kinds = async () => (await readAllEvents(db, { orgId, kind: 'org', subject: orgId })).map(({ kind }) => kind);
  const verdict = async (file: string, since = new Date()) => {
    const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
    const run = { policyVersionId, createdAt: since };
    const policy = await readRunPolicy(db, { orgId, repoId: repo.id, run, scope });
    return decide({ ...policy, grants: [], held: [] }, { kind: 'file_write', path: file });
  };
  return { org, orgId, db, repo, tree, git, push, as, of, see, accept, kinds, verdict };
}
