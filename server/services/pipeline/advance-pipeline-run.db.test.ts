import { beforeAll, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../inngest/bus/events.ts';
import type { Database } from '../../db/connect.ts';
import { readListPrices } from '../../db/list-prices.ts';
import type { Prisma } from '../../db/generated/client.ts';
import type { StageInput } from '../../domain/pipeline/stage-input.ts';
import { newId } from '../../db/new-id.ts';
import { testDatabase } from '../../testing/database.ts';
import {
  makeChange,
  makeOrg,
  makePipelineRun,
  makeRepo,
  makeStageAttempt,
  makeStarters,
  makeTask,
} from '../../testing/factories.ts';
import { newAgent } from '../../domain/agents/agent-settings.ts';
import { saveAgent } from '../agents/save-agent.ts';
import { changeRoleTools } from '../roles/change-role-tools.ts';
import { setBudget } from '../budgets/set-budget.ts';
import { sweepStale } from '../sweep/sweep-stale.ts';
import { advancePipelineRun } from './advance-pipeline-run.ts';
import { breakAttempt } from './break-attempt.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const now = new Date('2026-11-20T10:00:00Z');
const reported: unknown[] = [];
const report = (error: unknown) => void reported.push(error);
const later = (ms: number) => new Date(now.getTime() + ms);

type Over = { starters?: boolean; task?: Partial<Prisma.TaskUncheckedCreateInput> };

async function started({ starters = true, task = {} }: Over = {}) {
  const org = await makeOrg(database);
  const { orgId, db } = org;
  const { pipelineVersionId } = await makeStarters(database, org);
  if (!starters) await db.agent.updateMany({ where: { orgId }, data: { repoId: 'rep_other' } });
  const { repoId } = await makeRepo(org);
  const { taskId } = await makeTask(org, { repoId, ...task });
  const over = { taskId, pipelineVersionId, status: 'queued' as const, createdAt: now, updatedAt: now };
  const { pipelineRunId } = await makePipelineRun(org, over);
  const { base } = await makeChange(org, { pipelineRunId, repoId });
  const sent: BusEvent[] = [];
  const bus = {
    send: async (events: BusEvent[]) => void sent.push(...events),
    lost(error: unknown) {
      throw error;
    },
  };
  const advance = async (environmentKey = true) => {
    const offer = { environmentKey, listPrices: await readListPrices(database) };
    return advancePipelineRun({ database, orgId, now: later(1_000), bus, offer }, { pipelineRunId });
  };
  const prepared = async () => {
    const input: StageInput = { cause: { from: 'order' }, base, head: null, start: base };
    const outcome = {
      kind: 'check',
      verdict: 'passed',
      detail: '',
      checkResultId: null,
      failing: [],
      casesBlobId: null,
    };
    const check = { stage: 'prepare', kind: 'check' as const, status: 'passed' as const, input, outcome, endedAt: now };
    await makeStageAttempt(org, { pipelineRunId, ...check, startedAt: now });
  };
  const attempts = () => db.stageAttempt.findMany({ where: { orgId, pipelineRunId }, orderBy: { id: 'asc' } });
  const row = () => db.pipelineRun.findUniqueOrThrow({ where: { orgId_id: { orgId, id: pipelineRunId } } });
  return { org, orgId, db, pipelineRunId, sent, bus, advance, prepared, attempts, row };
}

describe('advancePipelineRun', () => {
  it('of twenty at once, one takes the step', async () => {
    const { advance, attempts, sent, row } = await started();
    await Promise.all(Array.from({ length: 20 }, () => advance()));
    const made = await attempts();
    expect(made).toMatchObject([{ stage: 'prepare', attempt: 1, status: 'queued' }]);
    expect(sent).toMatchObject([{ name: 'check/requested', data: { stageAttemptId: made[0]?.id } }]);
    expect(await row()).toMatchObject({ status: 'running', waits: null });
  });

  it('starts the developer with the limits of role and task', async () => {
    const { advance, prepared, db, orgId, sent } = await started({ task: { secondsLimit: 100, costLimit: 90_000n } });
    await prepared();
    await advance();
    const run = await db.run.findFirstOrThrow({ where: { orgId }, include: { agent: true } });
    expect(run).toMatchObject({ status: 'queued', secondsLimit: 100, costLimit: 90_000n, scripted: false });
    expect(run.model).toBe('claude-sonnet-5-5');
    expect(sent).toContainEqual({ name: 'run/slice-requested', data: { orgId, runId: run.id } });
  });

  it('starts it at the agent’s revision, by the version of the role that the agent is kept at', async () => {
    const { advance, prepared, db, orgId, org } = await started();
    const by = { database, orgId, actor: { type: 'user' as const, userId: org.owner.userId }, now };
    const { id: agentId, ...agent } = await db.agent.findFirstOrThrow({
      where: { orgId, role: { name: 'developer' } },
    });
    const { name, maxRuns, secondsLimit } = agent;
    const settings = { ...newAgent({ name, maxRuns, secondsLimit }), roleVersion: 1 };
    await saveAgent(by, { agentId, basedOn: 1, note: 'It stays', settings, restored: null });
    await changeRoleTools(by, { role: 'developer', version: 1, tools: ['view', 'handoff'], servers: [] });
    await prepared();
    await advance();
    const run = await db.run.findFirstOrThrow({ where: { orgId }, include: { roleVersion: true } });
    expect(run).toMatchObject({ agentId, agentRevision: 2, roleVersion: { version: 1 } });
  });

  it('starts it within what people have set for every run', async () => {
    const { advance, prepared, db, orgId, org } = await started();
    const actor = { type: 'user' as const, userId: org.owner.userId };
    const rule = { dimension: 'run' as const, subject: orgId, micros: 90_000, tokens: null, seconds: 20 };
    await setBudget({ database, orgId, actor, now }, rule);
    await prepared();
    await advance();
    const run = await db.run.findFirstOrThrow({ where: { orgId } });
    expect(run).toMatchObject({ status: 'queued', secondsLimit: 20, costLimit: 90_000n });
  });

  const cannot: [string, Over, boolean, string][] = [
    ['nobody is hired', { starters: false }, true, 'not_allowed'],
    ['the task has nothing left', { task: { costLimit: 1n } }, true, 'cost_exhausted'],
    ['its time is used up', { task: { secondsLimit: 1 } }, true, 'run_time_exhausted'],
    ['the key went away', {}, false, 'model_key_rejected'],
  ];
  it.each(cannot)('asks a person when %s', async (...[, over, key, reason]) => {
    const { advance, prepared, db, orgId, pipelineRunId, row } = await started(over);
    await prepared();
    await advance(key);
    await advance(key);
    const asked = await db.approval.findFirstOrThrow({ where: { orgId, pipelineRunId } });
    expect(asked).toMatchObject({ kind: 'escalation', status: 'pending', subject: { reason, retryStage: 'build' } });
    expect(await row()).toMatchObject({ status: 'waiting', waits: { ref: asked.id } });
    expect(await db.run.count({ where: { orgId } })).toBe(0);
  });

  it('does nothing to one that is over or not there', async () => {
    const { db, orgId, pipelineRunId, advance, attempts } = await started();
    await db.pipelineRun.updateMany({ where: { orgId, id: pipelineRunId }, data: { status: 'stopped' } });
    expect(await advance()).toEqual({ over: true });
    expect(await attempts()).toEqual([]);
  });

  it('goes on without its messages: the sweep sends them again', async () => {
    const { orgId, pipelineRunId, bus, sent, attempts, advance } = await started();
    const mine = () => sent.splice(0).filter(({ data }) => data.orgId === orgId);
    await sweepStale({ database, bus, now: later(60_000), report });
    expect(mine()).toEqual([{ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } }]);
    await advance();
    mine();
    await sweepStale({ database, bus, now: later(120_000), report });
    const [attempt] = await attempts();
    expect(mine()).toContainEqual({ name: 'check/requested', data: { orgId, stageAttemptId: attempt?.id } });
  });

  it('is swept although an approval of another org cannot be asked anew', async () => {
    const bad = await started();
    await bad.prepared();
    const [attempt] = await bad.attempts();
    const of = { orgId: bad.orgId, pipelineRunId: bad.pipelineRunId, stageAttemptId: attempt?.id ?? '' };
    const subject = { kind: 'nonsense' };
    const times = { createdAt: now, expiresAt: later(1) };
    await bad.db.approval.create({
      data: { ...of, ...times, id: newId('approval'), kind: 'merge', status: 'pending', subject, digest: '' },
    });
    const { orgId, pipelineRunId, bus, sent } = await started();
    reported.length = 0;
    await sweepStale({ database, bus, now: later(60_000), report });
    expect(sent).toContainEqual({ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } });
    expect(reported.length).toBeGreaterThan(0);
  });

  it('tells a person of a check that could not be made', async () => {
    const { orgId, db, pipelineRunId, bus, advance, attempts } = await started();
    await advance();
    const [check] = await attempts();
    const broken = { attemptId: check?.id ?? '', detail: 'The remote does not answer.' };
    await breakAttempt({ database, orgId, now: later(2_000), bus }, broken);
    await breakAttempt({ database, orgId, now: later(2_000), bus }, broken);
    await advance();
    const asked = await db.approval.findFirstOrThrow({ where: { orgId, pipelineRunId } });
    expect(asked.subject).toMatchObject({ reason: 'environment_broken', detail: 'The remote does not answer.' });
  });
});
