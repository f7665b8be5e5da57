import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../db/connect.ts';
import { AppError } from '../../../domain/errors.ts';
import type { QuestionKind } from '../../../domain/policy/access/question.ts';
import { testDatabase } from '../../../testing/database.ts';
import { makeRunWithAll } from '../../../testing/factories.ts';
import { savePolicy } from '../save-policy.ts';
import { askAccess } from './ask-access.ts';
import { getAccess } from './get-access.ts';
import type { SideQuery } from './open-side.ts';

let database: Database;
beforeAll(async () => ({ database } = await testDatabase()));

const paths = ['src/a.js', 'src/ä.js', 'db/migrations/1.sql', '.github/workflows/ci.yml', '.env'];
const listed = {
  sync: () => Promise.resolve('c0ffee'),
  listFiles: () => Promise.resolve(paths.map((path) => Buffer.from(path, 'utf8').toString('latin1'))),
};
const newest: SideQuery = { role: 'developer', roleVersion: null, policyVersion: null };

async function start() {
  const { org, runId, taskId } = await makeRunWithAll(database);
  const { orgId, db, owner } = org;
  const { repoId } = await db.task.findUniqueOrThrow({ where: { orgId_id: { orgId, id: taskId } } });
  await db.task.update({ where: { orgId_id: { orgId, id: taskId } }, data: { scope: ['src/**', 'db/**'] } });
  const viewer = { userId: owner.userId, role: 'owner' as const };
  const query = { db, system: database.system, orgId, viewer, now: new Date() };
  const save = (yaml: string, basedOn: number) =>
    savePolicy(
      { database, orgId, actor: { type: 'user', userId: owner.userId }, now: new Date() },
      { yaml, note: 'why', basedOn, restored: null },
    );
  const ask = async (kind: QuestionKind, text: string, { side = newest, task = false } = {}) => {
    const at = { repoId, taskId: task ? taskId : null };
    const [answer] = await askAccess(query, { ...at, sides: [side], question: { kind, text } });
    return answer!;
  };
  const get = (sides: SideQuery[], codeHost: Parameters<typeof getAccess>[0]['codeHost'] = listed) =>
    getAccess({ ...query, codeHost }, { repoId, taskId: null, sides });
  return { db, orgId, repoId, taskId, runId, query, save, ask, get };
}

const noMigrations = `preset: balanced
limits:
  - { id: no-migrations, on: write, paths: ['@migrations'], then: deny, why: the database is people's. }
  - { id: no-rollout, on: command, run: [rollout *], then: deny }
  - { id: no-mirror, on: network, hosts: [mirror.example.org], then: deny }
`;

describe('a question about access', () => {
  it('is answered by the rule that would speak, with its layer, reason and version', async () => {
    const { ask, save } = await start();
    expect(await ask('write', 'db/migrations/2.sql')).toMatchObject({
      noTool: null,
      verdict: { verdict: 'ask', rule: 'w8-migrations', layer: 'org', who: 'owner', version: 1 },
    });
    await save(noMigrations, 1);
    const { verdict } = await ask('write', './db/migrations/2.sql');
    expect(verdict).toMatchObject({ verdict: 'deny', rule: 'no-migrations', layer: 'org', version: 2 });
    expect(verdict?.reason).toContain("the database is people's.");
    expect((await ask('write', '.github/workflows/x.yml')).verdict).toMatchObject({
      verdict: 'deny',
      rule: 'role-write-scope',
      layer: 'role',
    });
    expect((await ask('read', '.env')).verdict).toMatchObject({ verdict: 'deny', layer: 'platform' });
    expect((await ask('command', 'ls && rollout now')).verdict).toMatchObject({ verdict: 'deny', rule: 'no-rollout' });
    expect((await ask('host', 'mirror.example.org')).verdict).toMatchObject({ verdict: 'deny', rule: 'no-mirror' });
    expect((await ask('host', 'http://169.254.169.254/x')).verdict).toMatchObject({ verdict: 'deny' });
    expect((await ask('tool', 'tracker/close')).verdict).toMatchObject({ verdict: 'ask', rule: 'm1-destroys' });
  });

  it('is about a task and its run where one is named: scope, the version it began with and what people opened', async () => {
    const { ask, save } = await start();
    expect((await ask('write', 'README.md')).verdict?.verdict).toBe('allow');
    expect((await ask('write', 'README.md', { task: true })).verdict).toMatchObject({
      verdict: 'ask',
      layer: 'task',
    });
    const loose =
      'preset: balanced\ndefaults:\n  - { id: w8-migrations, on: write, paths: ["@migrations"], then: allow }\n';
    await save(loose, 1);
    // A loosening counts for runs that start later.
    expect((await ask('write', 'db/migrations/2.sql')).verdict?.verdict).toBe('allow');
    expect((await ask('write', 'db/migrations/2.sql', { task: true })).verdict?.verdict).toBe('ask');
  });

  it('says that a role has no tool for it, and refuses what is not there', async () => {
    const { ask, query, taskId } = await start();
    const reviewer = { ...newest, role: 'code-reviewer' };
    expect((await ask('tool', 'create', { side: reviewer })).noTool).toContain('not given');
    expect(await ask('tool', 'create')).toEqual({ role: 'developer', noTool: null, verdict: null });
    expect((await ask('tool', 'tracker/close')).noTool).toContain('tracker');
    for (const side of [
      { ...newest, role: 'nobody' },
      { ...newest, policyVersion: 9 },
      { ...newest, roleVersion: 9 },
    ])
      await expect(ask('write', 'a', { side })).rejects.toThrow(AppError);
    const elsewhere = { repoId: 'repo_000000000000', taskId, sides: [newest] };
    await expect(askAccess(query, { ...elsewhere, question: { kind: 'read', text: 'a' } })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('what an agent may do in a repo', () => {
  it('counts the real files by class, judges commands, hosts and money, and names secrets without a value', async () => {
    const { get, db, orgId } = await start();
    await db.networkSecret.create({
      data: {
        ...{ orgId, id: 'nsec_1', name: 'NPM_TOKEN', places: ['npm.example.com'], header: 'Authorization: {}' },
        ...{ inSetUp: true, inRuns: true, keyVersion: 1, updatedAt: new Date() },
        ...{ ciphertext: Buffer.from('sealed-value'), nonce: Buffer.from('nonce') },
      },
    });
    const view = await get([newest]);
    expect(view).toMatchObject({ commit: 'c0ffee', fileProblem: null, files: { judged: 5, total: 5 }, changed: null });
    const [side] = view.sides;
    const row = (name: string) => side!.classes.find((each) => each.name === name);
    expect(row('all')).toMatchObject({ files: 5, write: { allow: 2, ask: 1, deny: 2 }, read: { allow: 4, deny: 1 } });
    expect(row('@migrations')).toMatchObject({ files: 1, write: { allow: 0, ask: 1, deny: 0 } });
    expect(row('other')).toMatchObject({ files: 2 });
    expect(row('@docs')).toBeUndefined();
    expect(side!.byRule).toContainEqual(
      expect.objectContaining({ act: 'write', rule: 'w8-migrations', files: 1, examples: ['db/migrations/1.sql'] }),
    );
    const tests = view.commands.find(({ kind }) => kind === 'Tests of the repo');
    expect(tests?.verdicts[0]).toMatchObject({ verdict: 'allow', rule: 's1-repo-commands' });
    const piped = view.commands.find(({ kind }) => kind === 'Download and run');
    expect(piped?.verdicts[0]).toMatchObject({ verdict: 'ask', rule: 's3-download-and-run' });
    expect(view.secrets).toMatchObject([{ name: 'NPM_TOKEN', places: ['npm.example.com'], reached: [[]] }]);
    expect(JSON.stringify(view)).not.toContain('sealed');
    expect(view.hosts.find(({ host }) => host === '169.254.169.254')?.get[0]).toMatchObject({ verdict: 'deny' });
    expect(side!.runLimits.micros).toBeGreaterThan(0);
    expect(side!.money.map(({ of }) => of)).toEqual(
      expect.arrayContaining(['This month, the org', 'This month, the repo']),
    );
  });

  it('shows where two versions of the policy differ, file by file', async () => {
    const { get, save } = await start();
    await save(noMigrations, 1);
    const view = await get([{ ...newest, policyVersion: 1 }, newest]);
    expect(view.sides.map(({ policyVersion }) => policyVersion)).toEqual([1, 2]);
    expect(view.changed).toMatchObject({
      total: 1,
      shown: [
        { path: 'db/migrations/1.sql', act: 'write', verdicts: [{ verdict: 'ask' }, { verdict: 'deny', version: 2 }] },
      ],
    });
    const named = view.commands.find(({ what }) => what === 'rollout x');
    expect(named?.verdicts.map(({ verdict }) => verdict)).toEqual(['allow', 'deny']);
    expect((await get([newest, newest])).changed).toEqual({ total: 0, shown: [] });
  });

  it('answers without its files where the remote does not', async () => {
    const { get } = await start();
    const sync = () => Promise.reject(new AppError('repo_unreachable', 'The remote does not answer.'));
    const view = await get([newest], { ...listed, sync });
    expect(view).toMatchObject({ commit: null, fileProblem: 'The remote does not answer.', files: { total: 0 } });
    expect(view.commands.length).toBeGreaterThan(5);
  });
});
