import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makePipelineRun, makeRunWithAll, makeTask } from '../testing/factories.ts';
import { appendRunEvents } from './append-event.ts';
import type { OrgDb, OrgTx } from './connect.ts';
import type { DecidedOn } from './decided-on.ts';
import { readHeldPaths } from './held-paths.ts';
import { newId } from './new-id.ts';
import { readRunHeads } from './policy-heads.ts';
import { readAllEvents } from './read-events.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

const at = new Date('2026-11-01T10:00:00.123Z');
const until = new Date('2026-11-01T12:00:00Z');

async function started() {
  const made = await makeRunWithAll(t.database, { status: 'running' });
  const { org, repoId, pipelineRunId, runId, starters } = made;
  const { orgId, db } = org;
  const agentId = starters.roles['developer']!.agentId;
  const read = async (): Promise<DecidedOn> => {
    const heads = await readRunHeads(db, { orgId, repoId, agentId });
    const held = await readHeldPaths(db, { orgId, repoId, pipelineRunId, now: at });
    return { rules: { repoId, agentId, pipelineRunId, heads, held: held.map(({ mark }) => mark) }, heard: [] };
  };
  const actor = { type: 'agent-run' as const, runId, onBehalfOf: org.owner.userId };
  const write = (decidedOn: DecidedOn, { generation = 0, now = at } = {}) =>
    appendRunEvents(db, {
      ...{ orgId, runId, generation, actor, at: now, whileRunning: true, decidedOn },
      events: [{ kind: 'message.added', payload: { source: 'platform', text: 'said' } }],
    });
  const count = async () => (await readAllEvents(db, { orgId, kind: 'run', subject: runId })).length;
  const steer = async (tx: OrgDb | OrgTx = db) => {
    const id = newId('command');
    const body = { text: 'Use tabs.' };
    const of = { orgId, id, runId, kind: 'steer', body, byUserId: org.owner.userId, createdAt: at };
    await tx.command.create({ data: { ...of, seq: 1 } });
    return id;
  };
  return { ...made, orgId, agentId, db, read, write, count, steer };
}

type Started = Awaited<ReturnType<typeof started>>;

/** Another version of the policy of the org or of the repo. */
async function changePolicy({ orgId, db, repoId }: Started, layer: 'org' | 'repo', tx: OrgDb | OrgTx = db) {
  const target = layer === 'org' ? orgId : repoId;
  const last = await tx.policyVersion.findFirst({ where: { orgId, layer, target }, orderBy: { version: 'desc' } });
  const { body, ...newest } = await tx.policyVersion.findFirstOrThrow({ where: { orgId } });
  const version = (last?.version ?? 0) + 1;
  const data = { ...newest, body: body as object, id: newId('policyVersion'), layer, target, version };
  await tx.policyVersion.create({ data });
}

/** Paths that another task has reserved. */
async function reserve({ org, orgId, repoId, starters, db }: Started, tx: OrgDb | OrgTx = db) {
  const { taskId } = await makeTask(org, { repoId });
  const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId: starters.pipelineVersionId });
  const id = newId('claim');
  await tx.claim.create({ data: { orgId, id, pipelineRunId, kind: 'paths', subject: 'src/**', until } });
  return id;
}

/** What else decides, each changed by a person. */
const changes: Record<string, (of: Started) => Promise<unknown>> = {
  'the org’s policy': (of) => changePolicy(of, 'org'),
  'the repo’s policy': (of) => changePolicy(of, 'repo'),
  'the classes of the repo': ({ orgId, db, repoId, org }) =>
    db.repoClasses.create({
      data: {
        orgId,
        id: newId('repoClasses'),
        repoId,
        version: 1,
        body: {},
        authorId: org.owner.userId,
        createdAt: at,
      },
    }),
  'the role of the agent': ({ db, ...of }) => addRoleVersion({ db, ...of }),
  'the version of its role that the agent is kept at': async ({ db, ...of }) => {
    const { orgId, agentId } = of;
    const where = { orgId_id: { orgId, id: agentId } };
    const { revision } = await db.agent.findUniqueOrThrow({ where });
    const last = await db.agentRevision.findFirstOrThrow({ where: { orgId, agentId, number: revision } });
    const body = { ...(last.body as object), roleVersion: 99 };
    const number = revision + 1;
    await db.agentRevision.create({ data: { ...last, id: newId('agentRevision'), number, body } });
    await db.agent.updateMany({ where: { orgId, id: agentId }, data: { revision: number } });
  },
};

async function addRoleVersion({ db, orgId, agentId }: Pick<Started, 'db' | 'orgId' | 'agentId'>) {
  const { roleId } = await db.agent.findUniqueOrThrow({ where: { orgId_id: { orgId, id: agentId } } });
  const last = await db.roleVersion.findFirstOrThrow({ where: { orgId, roleId }, orderBy: { version: 'desc' } });
  const id = newId('roleVersion');
  await db.roleVersion.create({ data: { ...last, id, body: last.body as object, version: last.version + 1 } });
}

/** Somebody who holds the run's row does something while the commit waits for that row. */
async function whileWaiting(
  { orgId, runId }: Started,
  deed: (tx: OrgTx) => Promise<unknown>,
  write: () => Promise<unknown>,
) {
  const held = Promise.withResolvers<void>();
  const first = t.database.transaction(orgId, async (tx) => {
    await tx.run.updateMany({ where: { orgId, id: runId }, data: { leaseGeneration: { increment: 0 } } });
    held.resolve();
    while ((await blocked()) === 0);
    await deed(tx);
  });
  await held.promise;
  const [, written] = await Promise.allSettled([first, write()]);
  return written;
}

async function blocked(): Promise<number> {
  const [row] = await t.admin<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.count ?? 0;
}

const movedAway = { code: 'conflict', detail: { moved: true } };

describe('events that were decided on something', () => {
  it('are written while it stands', async () => {
    const { read, write, count } = await started();
    const before = await read();
    await write(before);
    await write({ rules: null, heard: null });
    expect(await count()).toBe(2);
  });

  it.each(Object.entries(changes))('are refused once %s is another', async (_, change) => {
    const made = await started();
    const { read, write, count } = made;
    const before = await read();
    await change(made);
    await expect(write(before)).rejects.toMatchObject(movedAway);
    expect(await count()).toBe(0);
    await write(await read());
    await write({ ...before, rules: null });
    expect(await count()).toBe(2);
  });

  const whoHolds: Record<string, (of: Started, tx: OrgTx) => Promise<unknown>> = {
    'says something': ({ steer }, tx) => steer(tx),
    'changes the policy': (of, tx) => changePolicy(of, 'repo', tx),
    'reserves paths': (of, tx) => reserve(of, tx),
  };
  it.each(Object.entries(whoHolds))('are refused where whoever holds the run %s meanwhile', async (_, deed) => {
    const made = await started();
    const before = await made.read();
    const written = await whileWaiting(
      made,
      (tx) => deed(made, tx),
      () => made.write(before),
    );
    expect(written).toMatchObject({ status: 'rejected', reason: movedAway });
    expect(await made.count()).toBe(0);
  });

  it('are written where they waited and nothing has changed', async () => {
    const made = await started();
    const before = await made.read();
    const written = await whileWaiting(
      made,
      async () => {},
      () => made.write(before),
    );
    expect(written).toMatchObject({ status: 'fulfilled' });
    expect(await made.count()).toBe(1);
  });

  it('are refused once another task has reserved paths, or holds them longer, and not when that has run out', async () => {
    const made = await started();
    const { orgId, db, read, write } = made;
    const before = await read();
    const id = await reserve(made);
    await expect(write(before)).rejects.toMatchObject(movedAway);
    const since = await read();
    await write(since);
    await db.claim.updateMany({ where: { orgId, id }, data: { until: new Date(until.getTime() + 1) } });
    await expect(write(since)).rejects.toMatchObject(movedAway);
    await write(before, { now: new Date(until.getTime() + 2) });
  });

  it('are refused while a person’s message is unheard, but for those that they deliver', async () => {
    const { orgId, db, read, write, steer } = await started();
    const before = await read();
    const id = await steer();
    await expect(write(before)).rejects.toMatchObject(movedAway);
    await write({ ...before, heard: null });
    await write({ ...before, heard: [id] });
    await db.command.updateMany({ where: { orgId, id }, data: { acknowledgedAt: at } });
    await write(before);
  });

  it('are refused as lost to whoever has no lease, whatever stands', async () => {
    const { read, write, steer } = await started();
    const before = await read();
    await steer();
    await expect(write(before, { generation: 1 })).rejects.toMatchObject({ code: 'lease_lost' });
  });
});
