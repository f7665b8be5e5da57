import { beforeAll, describe, expect, test } from 'vitest';
import { makeOrg, makePipelineRun, makeRepo, makeRunWithAll, makeTask } from '../testing/factories.ts';
import type { TestOrg } from '../testing/factories.ts';
import { testDatabase } from '../testing/database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { openDatabase } from './connect.ts';
import { newId } from './new-id.ts';
import { readEvents } from './read-events.ts';

type Made = Awaited<ReturnType<typeof makeRunWithAll>>;

let t: TestDatabase;
let a: Made;
let b: Made;
beforeAll(async () => {
  t = await testDatabase();
  a = await makeRunWithAll(t.database);
  b = await makeRunWithAll(t.database);
});

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'error',
  );

describe('the rows of another org', () => {
  test('are not read, whatever is asked for', async () => {
    const { db } = b.org;
    const theirs = { orgId_id: { orgId: a.org.orgId, id: a.taskId } };
    expect(await db.task.findUnique({ where: theirs })).toBeNull();
    expect(await db.task.findMany({ where: { orgId: a.org.orgId } })).toEqual([]);
    expect((await db.task.findMany()).map(({ orgId }) => orgId)).toEqual([b.org.orgId]);
    expect(await db.task.count({ where: { id: a.taskId } })).toBe(0);
    expect(await db.task.aggregate({ _sum: { number: true } })).toEqual({ _sum: { number: 1 } });
    expect(await db.org.findMany({ select: { id: true } })).toEqual([{ id: b.org.orgId }]);
    expect(await readEvents(db, { orgId: a.org.orgId, streamId: a.streamId, afterSeq: 0, limit: 9 })).toEqual([]);
  });

  test('are not reached through relations', async () => {
    const { db } = b.org;
    const tasks = await db.task.findMany({ include: { repo: true, pipelineRuns: { include: { attempts: true } } } });
    expect(new Set(JSON.stringify(tasks, idsOnly).match(/org_\w+/g))).toEqual(new Set([b.org.orgId]));
    expect(await db.task.findMany({ where: { repo: { id: a.repoId } } })).toEqual([]);
    expect(await db.repo.findMany({ where: { tasks: { some: { id: a.taskId } } } })).toEqual([]);
  });

  test('are not written', async () => {
    const { db } = b.org;
    const where = { orgId_id: { orgId: a.org.orgId, id: a.taskId } };
    expect(await db.task.updateMany({ where: { id: a.taskId }, data: { title: 'mine' } })).toEqual({ count: 0 });
    expect(await code(db.task.update({ where, data: { title: 'mine' } }))).toBe('P2025');
    expect(await code(db.task.delete({ where }))).not.toBe('done');
    expect(await code(db.task.deleteMany({}))).not.toBe('done');
    expect(await a.org.db.task.findUnique({ where })).toMatchObject({ title: 'Reject negative amounts' });
  });

  test('are not made, nor moved to another org', async () => {
    const { db } = b.org;
    const task = taskOf(a.org, a.repoId);
    expect(await code(db.task.create({ data: task }))).not.toBe('done');
    expect(await code(db.task.createMany({ data: [task] }))).not.toBe('done');
    const own = { orgId_id: { orgId: b.org.orgId, id: b.taskId } };
    expect(await code(db.task.update({ where: own, data: { orgId: a.org.orgId } }))).not.toBe('done');
    const theirs = { orgId_id: { orgId: a.org.orgId, id: a.taskId } };
    expect(await code(db.task.upsert({ where: theirs, create: task, update: { title: 'mine' } }))).not.toBe('done');
    expect(await a.org.db.task.count()).toBe(1);
    expect(await b.org.db.task.count()).toBe(1);
  });

  test('are not pointed at: neither by key, connect nor nested write', async () => {
    const { db } = b.org;
    const { orgId } = b.org;
    expect(await code(db.task.create({ data: { ...taskOf(b.org, a.repoId), number: 2 } }))).toBe('P2003');
    const connect = { orgId_id: { orgId: a.org.orgId, id: a.repoId } };
    expect(await code(db.task.create({ data: { ...bareTask(3), repo: { connect } } }))).not.toBe('done');
    const where = { orgId_id: { orgId, id: b.repoId } };
    await db.repo.update({ where, data: { tasks: { create: bareTask(4) } } });
    expect(await b.org.db.task.findFirst({ where: { number: 4 } })).toMatchObject({ orgId, repoId: b.repoId });
    const steal = { tasks: { connect: { orgId_id: { orgId: a.org.orgId, id: a.taskId } } } };
    expect(await code(db.repo.update({ where, data: steal }))).not.toBe('done');
  });

  test('are not in a transaction either', async () => {
    const seen = await t.database.transaction(b.org.orgId, async (tx) => [
      await tx.run.findMany(),
      await tx.run.updateMany({ where: { id: a.runId }, data: { status: 'stopped' } }),
    ]);
    expect(seen).toMatchObject([[{ id: b.runId }], { count: 0 }]);
  });
});

describe('a client', () => {
  test('has no raw SQL, no tables of the other side and no way to the bare client', () => {
    for (const db of [a.org.db, t.database.system]) {
      const names = ['$queryRaw', '$queryRawUnsafe', '$executeRaw', '$executeRawUnsafe', '$extends', '_originalClient'];
      for (const name of names) expect(Reflect.get(db, name), name).toBeUndefined();
    }
    expect(Reflect.get(a.org.db, 'user')).toBeUndefined();
    expect(Reflect.get(t.database.system, 'task')).toBeUndefined();
  });

  test('of no org sees no org’s rows', async () => {
    const client = openDatabase({ appUrl: t.appUrl, max: 1 });
    await client.org(a.org.orgId).task.count();
    await client.system.user.count();
    expect(await client.org('org_nobody').task.findMany()).toEqual([]);
    expect(() => client.org('')).toThrow('no such org');
    expect(() => client.org("x'; --")).toThrow('no such org');
    await client.close();
  });

  test('never shows another org’s rows, however orgs and transactions take turns', async () => {
    const orgs = [a.org, b.org, await makeOrg(t.database)];
    const client = openDatabase({ appUrl: t.appUrl, max: 4 });
    const look = async (n: number) => {
      const { orgId } = orgs[n % orgs.length] as TestOrg;
      const db = client.org(orgId);
      const rows =
        n % 5 === 0
          ? await client.transaction(orgId, async (tx) => [...(await tx.org.findMany()), ...(await tx.org.findMany())])
          : await db.org.findMany();
      expect(new Set(rows.map(({ id }) => id))).toEqual(new Set([orgId]));
      if (n % 7 === 0) {
        const failed = client.transaction(orgId, async (tx) => {
          await tx.org.findMany();
          await tx.org.create({ data: { id: orgId, slug: 'taken', name: 'x', createdAt: new Date() } });
        });
        expect(await code(failed)).toBe('P2002');
      }
    };
    await Promise.all(Array.from({ length: 400 }, (_, n) => look(n)));
    await client.close();
  });

  test('works for more orgs than it keeps clients', async () => {
    const db = t.database.org(a.org.orgId);
    for (let n = 0; n < 220; n++) t.database.org(`org_${n}`);
    expect(await db.task.count()).toBe(1);
    expect(await t.database.org(a.org.orgId).task.count()).toBe(1);
  });
});

describe('before an org is known', () => {
  test('a person’s orgs and an org’s slug are found, and nothing else', async () => {
    const { owner, slug, orgId, name } = a.org;
    expect(await t.database.orgsOfUser(owner.userId)).toEqual([{ id: orgId, slug, name, role: 'owner' }]);
    expect(await t.database.orgsOfUser('usr_nobody')).toEqual([]);
    expect(await t.database.orgBySlug(slug)).toBe(orgId);
    expect(await t.database.orgBySlug('nowhere')).toBeNull();
    await t.database.system.locator.create({ data: { kind: 'slug', key: 'old-name', orgId, target: orgId } });
    expect(await t.database.orgBySlug('old-name')).toBe(orgId);
  });

  test('work that nobody holds is named over all orgs', async () => {
    const made = await makeRunWithAll(t.database);
    const now = new Date();
    const ago = (ms: number) => new Date(now.getTime() - ms);
    const { orgId, db } = made.org;
    const stale = async () => (await t.database.staleWork(now)).filter((work) => work.orgId === orgId);
    const run = (data: object) => db.run.update({ where: { orgId_id: { orgId, id: made.runId } }, data });
    expect(await stale()).toEqual([{ orgId, kind: 'run', id: made.runId }]);
    await run({ status: 'running', leaseUntil: new Date(now.getTime() + 1_000) });
    expect(await stale()).toEqual([]);
    await run({ leaseUntil: ago(1) });
    expect(await stale()).toEqual([{ orgId, kind: 'run', id: made.runId }]);
    await run({ status: 'succeeded' });

    const at = (data: object) =>
      db.pipelineRun.update({ where: { orgId_id: { orgId, id: made.pipelineRunId } }, data });
    await at({ updatedAt: ago(6_000) });
    expect(await stale()).toEqual([{ orgId, kind: 'pipeline-run', id: made.pipelineRunId }]);
    await at({ waits: { for: 'a person' } });
    expect(await stale()).toEqual([]);

    const { repoId, starters } = made;
    const { taskId } = await makeTask(made.org, { repoId });
    const waits = { for: 'the check' };
    const other = await makePipelineRun(made.org, { taskId, pipelineVersionId: starters.pipelineVersionId, waits });
    const attempt = {
      ...{ orgId, id: newId('stageAttempt'), pipelineRunId: other.pipelineRunId, stage: 'check', attempt: 1 },
      ...{ kind: 'check' as const, status: 'queued' as const, input: {}, startedAt: now },
    };
    await db.stageAttempt.create({ data: attempt });
    expect(await stale()).toEqual([{ orgId, kind: 'stage-attempt', id: attempt.id }]);
    await db.stageAttempt.updateMany({ where: { orgId }, data: { status: 'waiting' } });

    const approval = {
      ...{ orgId, id: newId('approval'), pipelineRunId: other.pipelineRunId, stageAttemptId: attempt.id },
      ...{ kind: 'merge' as const, subject: {}, digest: 'd', status: 'pending' as const },
      ...{ createdAt: now, expiresAt: ago(1) },
    };
    await db.approval.create({ data: approval });
    expect(await stale()).toEqual([{ orgId, kind: 'approval', id: approval.id }]);
  });
});

function bareTask(number: number) {
  return {
    ...{ id: newId('task'), number, title: 'x', body: '', acceptance: [], scope: [] },
    ...{ source: 'api' as const, sourceKey: newId('task'), requesterId: 'usr_x', secondsLimit: 1, costLimit: 1n },
    createdAt: new Date(),
  };
}

const taskOf = ({ orgId }: TestOrg, repoId: string) => ({ ...bareTask(99), orgId, repoId });

function idsOnly(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

test('two orgs may name things alike', async () => {
  await makeRepo(a.org, { name: 'same' });
  await makeRepo(b.org, { name: 'same' });
  expect(await code(makeRepo(b.org, { name: 'same' }))).toBe('P2002');
});
