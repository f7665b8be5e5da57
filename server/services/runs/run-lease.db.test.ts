import { beforeAll, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../inngest/bus/events.ts';
import type { Database } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { testDatabase } from '../../testing/database.ts';
import { newId } from '../../db/new-id.ts';
import { makeRun, makeRunWithAll, makeStageAttempt, makeUser, type TestOrg } from '../../testing/factories.ts';
import { askPeople } from '../approvals/ask-people.ts';
import { sweepStale } from '../sweep/sweep-stale.ts';
import { claimRun, type Claim } from './claim-run.ts';
import { finishRun } from './finish-run.ts';
import { heartbeatRun } from './heartbeat-run.ts';
import { lockRun } from './lock-run.ts';
import { recordEvents } from './record-events.ts';
import { releaseRun, waitForAnswer } from './release-run.ts';
import { stopRun } from './stop-run.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const start = new Date('2026-11-20T10:00:00Z');
const at = (ms: number) => new Date(start.getTime() + ms);
const sent: BusEvent[] = [];
const bus = {
  send: async (events: BusEvent[]) => void sent.push(...events),
  lost(error: unknown) {
    throw error;
  },
};

const claim = (orgId: string, runId: string, now: Date, worker = 'w1') =>
  claimRun({ database, orgId, now, worker }, { runId });

async function claimed(now = start, over = {}) {
  const made = await makeRunWithAll(database, over);
  const { orgId } = made.org;
  const answer = await claim(orgId, made.runId, now);
  if (answer.kind !== 'claimed') throw new Error(answer.kind);
  const row = () => made.org.db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: made.runId } } });
  return { ...made, orgId, claim: answer.claim, row };
}

const recording = (of: Claim, now: Date) => ({
  now,
  claim: of,
  onBehalfOf: 'usr',
  totals: { turns: 1, toolCalls: 2, costMicros: 7, inputTokens: 0, outputTokens: 0, cacheReads: 0, cacheWrites: 0 },
  events: [{ kind: 'message.added' as const, payload: { source: 'platform' as const, text: 'hello' } }],
});

async function asked({ orgId, owner }: TestOrg, runId: string): Promise<string> {
  const ask = {
    orgId,
    now: start,
    requesterId: owner.userId,
    request: { kind: 'question' as const, runId, callId: 'call_1', question: 'May I?', options: [] },
  };
  const answer = await askPeople({ database }, ask);
  if (answer.kind !== 'waiting') throw new Error(answer.kind);
  return answer.approvalId;
}

describe('a run’s lease', () => {
  it('is taken by one of many', async () => {
    const { org, runId } = await makeRunWithAll(database);
    const tries = Array.from({ length: 20 }, (_, n) => claim(org.orgId, runId, start, `w${n}`));
    const kinds = (await Promise.all(tries)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1);
  });

  it('is taken over although its holder stands still inside a transaction', async () => {
    const first = await claimed();
    const { orgId, runId } = first;
    const [within, thaws] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const frozen = database.transaction(orgId, async (tx) => {
      await lockRun(tx, { orgId, runId });
      within.resolve();
      await thaws.promise;
    });
    await within.promise;
    expect((await claim(orgId, runId, at(60_000), 'w2')).kind).toBe('claimed');
    thaws.resolve();
    await expect(frozen).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('charges by heartbeat, and after a crash up to its end and no more', async () => {
    const first = await claimed();
    expect(await heartbeatRun({ database, now: at(500) }, first.claim)).toMatchObject({
      millisUsed: 500,
      stop: null,
      left: { millis: 599_500, millisOf: 'run total' },
    });
    expect((await claim(first.orgId, first.runId, at(3_000), 'w2')).kind).toBe('not_now');
    const over = await claim(first.orgId, first.runId, at(60_000), 'w2');
    // 500 by heartbeat, then 5,000 to the end of the lease.
    expect(over).toMatchObject({ kind: 'claimed', claim: { generation: 2, millisUsed: 5_500 } });
    expect(Number((await first.row()).millisUsed)).toBe(5_500);
  });

  it('fences whoever lost it', async () => {
    const first = await claimed();
    const second = await claim(first.orgId, first.runId, at(60_000), 'w2');
    if (second.kind !== 'claimed') throw new Error(second.kind);
    const lost = { code: 'lease_lost' };
    const outcome = { reason: 'handed_off' as const, detail: '' };
    await expect(heartbeatRun({ database, now: at(60_001) }, first.claim)).rejects.toMatchObject(lost);
    await expect(recordEvents({ database }, recording(first.claim, at(60_001)))).rejects.toMatchObject(lost);
    await expect(releaseRun({ database }, { now: at(60_001), claim: first.claim })).rejects.toMatchObject(lost);
    await expect(
      finishRun({ database, bus }, { ...recording(first.claim, at(60_001)), outcome }),
    ).rejects.toMatchObject(lost);
    await recordEvents({ database }, recording(second.claim, at(60_002)));
    const events = await readAllEvents(first.org.db, { orgId: first.orgId, kind: 'run', subject: first.runId });
    expect(events).toHaveLength(1);
  });

  it('stands still between slices', async () => {
    const { orgId, runId, claim: held, row } = await claimed();
    await releaseRun({ database }, { now: at(1_000), claim: held });
    expect(await row()).toMatchObject({ status: 'queued', leaseOwner: null, millisUsed: 1_000n });
    const again = await claim(orgId, runId, at(3_600_000));
    expect(again).toMatchObject({ kind: 'claimed', claim: { millisUsed: 1_000 } });
  });

  it('is left alone by the sweep until the pause its provider wants is over', async () => {
    const { orgId, org, runId, claim: held, row } = await claimed();
    await releaseRun({ database }, { now: at(1_000), claim: held, afterMs: 120_000 });
    expect(await row()).toMatchObject({ status: 'queued', waits: { until: at(121_000).toISOString() } });
    const swept = async (now: Date) => {
      sent.length = 0;
      await sweepStale({ database, bus, now, report: () => {} });
      return sent.some(({ name, data }) => name === 'run/slice-requested' && data.runId === runId);
    };
    expect(await swept(at(120_000))).toBe(false);
    expect(await swept(at(121_000))).toBe(true);
    await stopRun(
      { database, orgId, actor: { type: 'user', userId: org.owner.userId }, now: at(2_000), bus },
      { runId, reason: '' },
    );
    expect(await swept(at(3_000))).toBe(true);
  });

  it('charges nobody for the time after its lease', async () => {
    const beaten = await claimed();
    expect(await heartbeatRun({ database, now: at(3_600_000) }, beaten.claim)).toMatchObject({ millisUsed: 5_000 });
    await heartbeatRun({ database, now: at(3_600_500) }, beaten.claim);
    expect(await beaten.row()).toMatchObject({ millisUsed: 5_500n });
    const released = await claimed();
    await releaseRun({ database }, { now: at(3_600_000), claim: released.claim });
    expect(await released.row()).toMatchObject({ millisUsed: 5_000n });
    const finished = await claimed();
    const outcome = { reason: 'handed_off' as const, detail: '' };
    await finishRun({ database, bus }, { ...recording(finished.claim, at(3_600_000)), outcome });
    expect(await finished.row()).toMatchObject({ millisUsed: 5_000n });
  });

  it('charges nobody for what ending a run takes whose agent is not at work', async () => {
    const { orgId, org, runId, claim: held, row } = await claimed();
    await heartbeatRun({ database, now: at(500) }, held);
    const outcome = { reason: 'run_time_exhausted' as const, detail: '' };
    await finishRun({ database, bus }, { ...recording(held, at(2_000)), outcome, idle: true });
    expect(await row()).toMatchObject({ status: 'failed', millisUsed: 500n, endedAt: at(2_000) });
    const events = await readAllEvents(org.db, { orgId, kind: 'run', subject: runId });
    expect(events.at(-1)).toMatchObject({ kind: 'run.ended', payload: { millisUsed: 500 } });
    const accounts = await org.db.budget.findMany({ where: { orgId, dimension: { in: ['run', 'org'] } } });
    expect(accounts.map(({ millisUsed }) => millisUsed)).toEqual([500n, 500n]);
    const ticks = await org.db.budgetEntry.findMany({ where: { orgId, kind: 'tick' } });
    expect(ticks.map(({ millis }) => millis)).toEqual([500n]);
  });

  it('is given to no more runs of an agent than it may have, were they all to come at once', async () => {
    const { org, starters, pipelineRunId, runId } = await makeRunWithAll(database);
    const { orgId } = org;
    await org.db.agent.updateMany({ where: { orgId }, data: { maxRuns: 1 } });
    const runs = [runId];
    for (const attempt of [2, 3, 4, 5]) {
      const { stageAttemptId } = await makeStageAttempt(org, { pipelineRunId, attempt });
      runs.push((await makeRun(org, starters, { stageAttemptId })).runId);
    }
    const kinds = (await Promise.all(runs.map((id) => claim(orgId, id, start)))).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['claimed', 'no_place', 'no_place', 'no_place', 'no_place']);
  });

  it.each([
    ['agent', 'a place: 1 of 1 runs of the agent Developer are being worked on'],
    ['org', 'a place: 1 of 1 runs of this org are being worked on'],
  ])('waits for a place of its %s, says so, and is woken by the run that ends', async (whose, words) => {
    const first = await claimed();
    const { orgId, org, starters, pipelineRunId, runId } = first;
    const one = { maxRuns: 1 };
    if (whose === 'org') await org.db.org.updateMany({ where: { id: orgId }, data: one });
    await org.db.agent.updateMany({ where: { orgId }, data: whose === 'org' ? { maxRuns: 9 } : one });
    const { stageAttemptId } = await makeStageAttempt(org, { pipelineRunId, attempt: 2 });
    const second = await makeRun(org, starters, { stageAttemptId });
    expect(await claim(orgId, second.runId, at(100), 'w2')).toMatchObject({ kind: 'no_place' });
    const row = await org.db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: second.runId } } });
    expect(row).toMatchObject({ status: 'queued', waits: { for: words } });
    const outcome = { reason: 'handed_off' as const, detail: 'done' };
    await finishRun({ database, bus }, { ...recording(first.claim, at(1_000)), outcome });
    expect(sent).toContainEqual({ name: 'run/slice-requested', data: { orgId, runId: second.runId } });
    expect(sent).toContainEqual({ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } });
    expect(await first.row()).toMatchObject({ status: 'succeeded', millisUsed: 1_000n, turns: 1, costMicros: 7n });
    const events = await readAllEvents(org.db, { orgId, kind: 'run', subject: runId });
    expect(events.at(-1)).toMatchObject({ kind: 'run.ended', payload: { millisUsed: 1_000, toolCalls: 2 } });
    expect(await claim(orgId, second.runId, at(1_001), 'w2')).toMatchObject({ kind: 'claimed' });
  });
});

describe('a claim asks again whether the run may go on', () => {
  it('and ends it where its requester is no member any more', async () => {
    const { org, runId } = await makeRunWithAll(database);
    const { orgId, db } = org;
    const other = await makeUser(database);
    await db.task.updateMany({ where: { orgId }, data: { requesterId: other.userId } });
    const answer = await claim(orgId, runId, start);
    expect(answer).toMatchObject({ kind: 'claimed', claim: { refused: { reason: 'not_allowed' } } });
  });

  it('and leaves it queued, saying so, while its lineage is in quarantine', async () => {
    const { org, runId, repoId, starters } = await makeRunWithAll(database);
    const { orgId, db } = org;
    const roleId = starters.roles['developer']?.roleId ?? '';
    const id = newId('lineage');
    await db.lineage.create({ data: { orgId, id, roleId, repoId, quarantinedAt: start } });
    expect(await claim(orgId, runId, start)).toEqual({ kind: 'not_now' });
    const row = await db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
    expect(row).toMatchObject({ status: 'queued', waits: { for: expect.stringContaining('quarantine') } });
    await db.lineage.updateMany({ where: { orgId, id }, data: { quarantinedAt: null } });
    expect(await claim(orgId, runId, start)).toMatchObject({ kind: 'claimed', claim: { refused: null } });
  });
});

describe('stopRun', () => {
  const stop = (orgId: string, userId: string, runId: string) =>
    stopRun(
      { database, orgId, actor: { type: 'user', userId }, now: at(400), bus },
      { runId, reason: ' wrong\nrepo ' },
    );

  it('reaches the holder with its next heartbeat', async () => {
    const { org, orgId, runId, claim: held } = await claimed();
    await stop(orgId, org.owner.userId, runId);
    expect(await heartbeatRun({ database, now: at(500) }, held)).toMatchObject({ stop: { reason: 'wrong\nrepo' } });
  });

  it('queues a run that waits for a person', async () => {
    const { org, runId } = await makeRunWithAll(database, { status: 'waiting' });
    await stop(org.orgId, org.owner.userId, runId);
    const row = await org.db.run.findUniqueOrThrow({ where: { orgId_id: { orgId: org.orgId, id: runId } } });
    expect(row.status).toBe('queued');
  });

  it('that comes in just before the run ends by itself is obeyed', async () => {
    const { org, orgId, runId, claim: held, row } = await claimed();
    await stop(orgId, org.owner.userId, runId);
    const outcome = { reason: 'handed_off' as const, detail: '' };
    await finishRun({ database, bus }, { ...recording(held, at(450)), outcome });
    const stopped = { reason: 'stopped_by_person', detail: 'Stopped by a person: wrong\nrepo' };
    expect(await row()).toMatchObject({ status: 'stopped', outcome: stopped });
    const events = await readAllEvents(org.db, { orgId, kind: 'run', subject: runId });
    expect(events.at(-1)).toMatchObject({ kind: 'run.ended', payload: { outcome: stopped } });
    expect(await org.db.command.count({ where: { orgId, runId, acknowledgedAt: null } })).toBe(0);
  });

  it('of a run that waits leaves its pipeline run to the sweep, even when the last message is lost', async () => {
    const { org, orgId, runId, pipelineRunId, claim: held } = await claimed();
    const waits = { for: 'an answer', since: start.toISOString(), wakes: 'a person answers', ref: null };
    await waitForAnswer({ database, bus }, { ...recording(held, at(100)), waits, approvalId: await asked(org, runId) });
    const row = () => org.db.pipelineRun.findUniqueOrThrow({ where: { orgId_id: { orgId, id: pipelineRunId } } });
    expect(await row()).toMatchObject({ status: 'waiting' });
    await stop(orgId, org.owner.userId, runId);
    const taken = await claim(orgId, runId, at(500));
    if (taken.kind !== 'claimed') throw new Error(taken.kind);
    const away = { send: async () => Promise.reject(new Error('the engine is away')), lost: () => {} };
    const outcome = { reason: 'stopped_by_person' as const, detail: '' };
    await finishRun({ database, bus: away }, { ...recording(taken.claim, at(600)), outcome });
    expect(await row()).toMatchObject({ status: 'running', waits: null });
    sent.length = 0;
    await sweepStale({ database, bus, now: at(60_000), report: (error) => expect(error).toBeNull() });
    expect(sent).toContainEqual({ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } });
  });

  it('refuses what is over, what is not there and who is no person', async () => {
    const { org, runId } = await makeRunWithAll(database, { status: 'succeeded' });
    const { userId } = org.owner;
    await expect(stop(org.orgId, userId, runId)).rejects.toMatchObject({ code: 'conflict' });
    await expect(stop(org.orgId, userId, 'run_x')).rejects.toMatchObject({ code: 'not_found' });
    const actor = { type: 'agent-run' as const, runId, onBehalfOf: userId };
    await expect(
      stopRun({ database, orgId: org.orgId, actor, now: start, bus }, { runId, reason: '' }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
