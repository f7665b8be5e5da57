import { beforeAll, describe, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import { setBudget } from '../../server/services/budgets/set-budget.ts';
import { processesWith } from '../../server/adapters/sandbox/testing/leaks.ts';
import { newId } from '../../server/db/new-id.ts';
import { childWorker } from './testing/child-worker.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { keepLeaseLog, readLeaseLog } from './testing/lease-log.ts';
import { approves, developer, doubles, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
  await keepLeaseLog(rig.admin);
});

/** What people set for the org's calendar month. */
async function limitOrg({ db, orgId }: Flow, limit: { micros?: bigint; millis?: bigint }) {
  const id = newId('budgetLimit');
  await db.budgetLimit.create({
    data: {
      orgId,
      id,
      dimension: 'org',
      subject: orgId,
      period: 'month',
      warnAt: [1],
      updatedAt: new Date(),
      ...limit,
    },
  });
}

/**
 * A run in a command of ten minutes, which the host's list of processes shows by a name of its own. Its worker is a process of
 * its own: what looks on must not slow down the stop that it judges.
 */
async function longCommand() {
  const mark = `600.${Math.floor(Math.random() * 1e9)}`;
  const flow = await rig.flow([developer(1, [shell(`sleep ${mark}`)])], { idle: true });
  await childWorker(flow.crash, null);
  const { db, orgId, until } = flow;
  const untilAtWork = () =>
    until(
      async () => processesWith(mark).length > 0 && db.run.findFirst({ where: { orgId, status: 'running' } }),
      'the developer to work',
    );
  return { flow, isInTheAir: () => processesWith(mark).length > 0, untilAtWork };
}

/** When a run was given up for good, and what it had been charged then, as the database itself noted. */
async function endOf({ orgId }: Flow, runId: string) {
  const { at, status, millis } = (await readLeaseLog(rig.admin, orgId)).findLast((change) => change.runId === runId)!;
  expect(status).toBe('failed');
  return { at, millisAtEnd: millis };
}

async function databaseTime(): Promise<number> {
  const [row] = await rig.admin<{ at: Date }>('select clock_timestamp() as at', []);
  return row!.at.getTime();
}

describe('the ledger over a whole pipeline run', () => {
  it('holds in every account what the runs say, and nothing reserved', async () => {
    const flow = await rig.flow([doubles, approves]);
    await limitOrg(flow, { micros: 1_000_000n, millis: 3_600_000n });
    const { pipelineRunId } = await flow.task();
    await flow.decide(await flow.pending(pipelineRunId, 'merge'));
    expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
    const { db, orgId } = flow;
    const runs = await db.run.findMany({ where: { orgId } });
    const total = (pick: (run: (typeof runs)[number]) => bigint) => runs.reduce((sum, run) => sum + pick(run), 0n);
    const org = await db.budget.findFirstOrThrow({ where: { orgId, dimension: 'org' } });
    expect(org).toMatchObject({
      microsReserved: 0n,
      tokensReserved: 0n,
      microsUsed: total(({ costMicros }) => costMicros),
      millisUsed: total(({ millisUsed }) => millisUsed),
      tokensUsed: total((run) => run.inputTokens + run.outputTokens + run.cacheReads + run.cacheWrites),
    });
    for (const run of runs) {
      const own = await db.budget.findFirstOrThrow({ where: { orgId, dimension: 'run', subject: run.id } });
      expect(own).toMatchObject({ microsReserved: 0n, microsUsed: run.costMicros, millisUsed: run.millisUsed });
      const time = await db.budgetEntry.aggregate({
        where: { orgId, runId: run.id, kind: 'tick' },
        _sum: { millis: true },
      });
      expect(time._sum.millis).toBe(run.millisUsed);
    }
    expect(await db.reservation.count({ where: { orgId, status: 'open' } })).toBe(0);
  });

  it('stops a run within a second when the org’s time is used up, with the command in the air', async () => {
    const { flow, isInTheAir, untilAtWork } = await longCommand();
    const { pipelineRunId } = await flow.task();
    const run = await untilAtWork();
    // Enough for a full machine to have it set before it is reached.
    const seconds = Math.ceil(Number(run.millisUsed) / 1_000) + 5;
    await setBudget(flow.by(), { dimension: 'org', subject: flow.orgId, micros: null, tokens: null, seconds });
    const escalation = await flow.pending(pipelineRunId, 'escalation');
    expect(isInTheAir()).toBe(false);
    const detail = expect.stringContaining('the budget of the org for');
    expect(escalation.subject).toMatchObject({ reason: 'run_time_exhausted', detail });
    const { millisAtEnd } = await endOf(flow, run.id);
    expect(millisAtEnd).toBeGreaterThanOrEqual(seconds * 1_000);
    expect(millisAtEnd).toBeLessThanOrEqual(seconds * 1_000 + 1_000);
    const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'org', subject: flow.orgId });
    const warned = events.filter(({ kind }) => kind === 'budget.warned');
    expect(warned.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ dimension: 'org', unit: 'millis', level: 100 }),
    );
  });

  it('stops a run within a second when the org’s budget is lowered below what is used', async () => {
    const { flow, isInTheAir, untilAtWork } = await longCommand();
    const { pipelineRunId } = await flow.task();
    const run = await untilAtWork();
    const limit = { dimension: 'org', subject: flow.orgId, micros: 1, tokens: null, seconds: null } as const;
    await setBudget(flow.by(), limit);
    const loweredAt = await databaseTime();
    const escalation = await flow.pending(pipelineRunId, 'escalation');
    expect(isInTheAir()).toBe(false);
    expect(escalation.subject).toMatchObject({ reason: 'cost_exhausted' });
    expect((await endOf(flow, run.id)).at - loweredAt).toBeLessThanOrEqual(1_000);
  });

  it('refuses a run before anything is spent where the org’s money does not cover its landing', async () => {
    const flow = await rig.flow([doubles, approves]);
    await limitOrg(flow, { micros: 1_000n });
    const { pipelineRunId } = await flow.task();
    const escalation = await flow.pending(pipelineRunId, 'escalation');
    expect(escalation.subject).toMatchObject({ reason: 'cost_exhausted' });
    expect(await flow.db.run.findFirst({ where: { orgId: flow.orgId } })).toMatchObject({ turns: 0, costMicros: 0n });
  });
});
