import { beforeAll, expect, it } from 'vitest';
import { readEvents } from '../../db/read-events.ts';
import { noSetup, readSetup, repoSetup, type RepoSetup } from '../../domain/setup/repo-setup.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeOrg, makeRepo, type TestOrg } from '../../testing/factories.ts';
import { configureRepo } from './configure-repo.ts';

let t: TestDatabase;
let org: TestOrg;
let repoId: string;

beforeAll(async () => {
  t = await testDatabase();
  org = await makeOrg(t.database);
  ({ repoId } = await makeRepo(org));
});

const configure = (over: { repoId?: string; testCommand?: string; setup?: RepoSetup }) =>
  configureRepo(
    {
      database: t.database,
      orgId: org.orgId,
      actor: { type: 'user', userId: org.owner.userId },
      now: new Date(),
    },
    { repoId, testCommand: 'npm test', setup: noSetup, ...over },
  );

const setup = repoSetup.parse({
  install: 'npm ci',
  registries: ['npm'],
  lockfiles: ['package-lock.json'],
  tests: [{ paths: ['web/**'], command: 'npm run test:web' }],
  services: [{ name: 'db', command: 'postgres -D /tmp/db', port: 5432 }],
});

it('a repo that was connected before there was any has none', async () => {
  const row = await org.db.repo.findUniqueOrThrow({ where: { orgId_id: { orgId: org.orgId, id: repoId } } });
  expect(readSetup(row.setup)).toEqual(noSetup);
});

it('is kept, and the log says by whom', async () => {
  const view = await configure({ testCommand: 'npm run all-tests', setup });
  expect(view).toMatchObject({ id: repoId, testCommand: 'npm run all-tests', setup });
  const { db, orgId } = org;
  const events = await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 10 });
  expect(events.at(-1)).toMatchObject({
    kind: 'repo.configured',
    actor: { type: 'user', userId: org.owner.userId },
    payload: { repoId, testCommand: 'npm run all-tests', install: 'npm ci', services: ['db'] },
  });
});

it.each<[string, object, string]>([
  ['no tests', { testCommand: ' ' }, 'no_test_command'],
  ['a lockfile elsewhere', { setup: { ...noSetup, lockfiles: ['/etc/passwd'] } }, 'invalid_input'],
  ['a registry that is none', { setup: { ...noSetup, registries: ['everything'] } }, 'invalid_input'],
  ['a repo that is none', { repoId: 'rep_x' }, 'not_found'],
])('refuses %s', async (_, over, code) => {
  await expect(configure(over)).rejects.toMatchObject({ code });
});
