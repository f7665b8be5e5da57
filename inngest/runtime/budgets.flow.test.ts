import { beforeAll, describe, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import { setBudget } from '../../server/services/budgets/set-budget.ts';
import { newId } from '../../server/db/new-id.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { approves, developer, doubles, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
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
    const flow = await rig.flow([developer(1, [shell('sleep 600')])]);
    await limitOrg(flow, { millis: 2_000n });
    const { pipelineRunId } = await flow.task();
    const escalation = await flow.pending(pipelineRunId, 'escalation');
    const detail = expect.stringContaining('the budget of the org for');
    expect(escalation.subject).toMatchObject({ reason: 'run_time_exhausted', detail });
    const run = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId } });
    expect(Number(run.millisUsed)).toBeGreaterThanOrEqual(2_000);
    expect(Number(run.millisUsed)).toBeLessThan(3_500);
    const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'org', subject: flow.orgId });
    const warned = events.filter(({ kind }) => kind === 'budget.warned');
    expect(warned.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ dimension: 'org', unit: 'millis', level: 1 }),
    );
  });

  it('stops a run within a second when the org’s budget is lowered below what is used', async () => {
    const flow = await rig.flow([developer(1, [shell('sleep 600')])]);
    const { pipelineRunId } = await flow.task();
    const run = await flow.until(
      () => flow.db.run.findFirst({ where: { orgId: flow.orgId, status: 'running', toolCalls: 1 } }),
      'the developer to work',
    );
    const { orgId } = flow;
    await setBudget(flow.by(), { dimension: 'org', subject: orgId, micros: 1, tokens: null, seconds: null });
    const lowered = await flow.db.run.findFirstOrThrow({ where: { orgId, id: run.id } });
    const escalation = await flow.pending(pipelineRunId, 'escalation');
    expect(escalation.subject).toMatchObject({ reason: 'cost_exhausted' });
    const ended = await flow.db.run.findFirstOrThrow({ where: { orgId, id: run.id } });
    expect(Number(ended.millisUsed - lowered.millisUsed)).toBeLessThan(2_500);
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
