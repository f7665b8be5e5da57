import { beforeAll, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../inngest/bus/events.ts';
import type { Database } from '../../db/connect.ts';
import { unlimited } from '../../domain/budget/ledger.ts';
import type { RunOutcome } from '../../domain/runs/run-state.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
import { sweepStale } from '../sweep/sweep-stale.ts';
import { claimRun, type Claim } from './claim-run.ts';
import { delegate } from './delegate.ts';
import { finishRun } from './finish-run.ts';
import { heartbeatRun } from './heartbeat-run.ts';
import { waitForHelper, waitForResume } from './release-run.ts';
import { pauseRun, resumeRun } from './steer-run.ts';
import { stopRun } from './stop-run.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const start = new Date('2026-11-20T10:00:00Z');
const at = (ms: number) => new Date(start.getTime() + ms);
const reported: RunOutcome = { reason: 'reported', detail: 'The helper answered.' };
const left = { ...unlimited, micros: 1_000_000, millis: 600_000 };

const sent: BusEvent[] = [];
const bus = {
  send: async (events: BusEvent[]) => void sent.push(...events),
  lost(error: unknown) {
    throw error;
  },
};

/** A run that has just asked for a helper, and has not begun to wait for it. */
async function delegating() {
  const made = await makeRunWithAll(database);
  const { org, runId: parentId, pipelineRunId } = made;
  const { orgId, db, owner } = org;
  sent.length = 0;
  const take = async (runId: string, now: Date): Promise<Claim> => {
    const answer = await claimRun({ database, orgId, now, worker: 'w1' }, { runId });
    if (answer.kind !== 'claimed') throw new Error(answer.kind);
    return answer.claim;
  };
  const kept: string[] = [];
  const keepTree = async () => {
    kept.push('tree');
    return 'c'.repeat(40);
  };
  const file = { stageAttempt: { pipelineRunId, stage: 'build' }, input: { base: 'b'.repeat(40), head: null } };
  const ask = (claim: Claim, now: Date) =>
    delegate({ database, now, claim, file }, { callId: 'c1', body: { question: 'Where is it?' }, left, keepTree });
  const recording = (claim: Claim, now: Date) => {
    const none = { turns: 0, toolCalls: 0, costMicros: 0, inputTokens: 0, outputTokens: 0, cacheReads: 0 };
    return { now, claim, onBehalfOf: owner.userId, totals: { ...none, cacheWrites: 0 }, events: [] };
  };
  const end = (claim: Claim, now: Date, outcome: RunOutcome) =>
    finishRun({ database, bus }, { ...recording(claim, now), outcome });
  const parent = await take(parentId, start);
  const asked = await ask(parent, start);
  if (asked.kind !== 'waiting') throw new Error(asked.kind);
  const { runId: helperId, waits } = asked;
  const wait = (now: Date) =>
    waitForHelper({ database, bus }, { ...recording(parent, now), waits, helperRunId: helperId });
  const pause = (claim: Claim, now: Date) => waitForResume({ database, bus }, recording(claim, now));
  const by = (now: Date) => ({ database, orgId, actor: { type: 'user' as const, userId: owner.userId }, now, bus });
  const row = (id: string) => db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id } } });
  const helpers = () => db.stageAttempt.count({ where: { orgId, parentRunId: parentId } });
  /** Runs of this org that were to be worked on since it was last asked. */
  const slices = () =>
    sent
      .splice(0)
      .flatMap(({ name, data }) => (name === 'run/slice-requested' && data.orgId === orgId ? [data.runId] : []));
  return { parentId, helperId, parent, kept, take, ask, end, wait, pause, by, row, helpers, slices };
}

describe('a helper', () => {
  it('is one, though the worker dies between its start and the wait for it; the sweep has it begun', async () => {
    const { parentId, helperId, kept, take, ask, end, row, helpers, slices } = await delegating();
    await sweepStale({ database, bus, now: at(1_000), report: (error) => expect(error).toBeNull() });
    expect(slices()).toEqual([helperId]);
    await end(await take(helperId, at(1_100)), at(2_000), reported);
    // Nobody waits for it yet: the one that asked is still held by the dead worker.
    expect(await row(parentId)).toMatchObject({ status: 'running' });
    expect(slices()).not.toContain(parentId);
    const again = await take(parentId, at(60_000));
    expect(await ask(again, at(60_100))).toMatchObject({ kind: 'answered', isError: true });
    expect(kept).toHaveLength(1);
    expect(await helpers()).toBe(1);
  });

  it('that is over before its parent waits has that go on at once', async () => {
    const { parentId, helperId, take, end, wait, row, slices } = await delegating();
    await end(await take(helperId, at(100)), at(200), reported);
    slices();
    await wait(at(300));
    expect(await row(parentId)).toMatchObject({ status: 'queued', waits: null });
    expect(slices()).toEqual([parentId]);
  });

  it('wakes the parent that waits for it, and is begun by the wait', async () => {
    const { parentId, helperId, take, end, wait, row, slices } = await delegating();
    await wait(at(100));
    expect(await row(parentId)).toMatchObject({ status: 'waiting', waits: { ref: helperId } });
    expect(slices()).toEqual([helperId]);
    await end(await take(helperId, at(200)), at(300), reported);
    expect(await row(parentId)).toMatchObject({ status: 'queued', waits: null });
    expect(slices()).toEqual([parentId]);
  });

  it('ends at its next heartbeat once its parent is to pause, which pauses then and goes on with that answer', async () => {
    const { parentId, helperId, take, ask, end, wait, pause, by, row } = await delegating();
    await wait(at(100));
    const helper = await take(helperId, at(200));
    expect((await heartbeatRun({ database, now: at(300) }, helper)).refused).toBeNull();
    await pauseRun(by(at(400)), { runId: parentId });
    const { refused } = await heartbeatRun({ database, now: at(500) }, helper);
    expect(refused).toMatchObject({ reason: 'not_allowed' });
    await end(helper, at(600), refused!);
    const pausing = await take(parentId, at(700));
    expect(pausing.pause).toBe(true);
    await pause(pausing, at(800));
    expect(await row(parentId)).toMatchObject({ status: 'waiting', waits: { for: 'a person to resume it' } });
    await resumeRun(by(at(900)), { runId: parentId });
    const on = await take(parentId, at(1_000));
    expect(on.pause).toBe(false);
    expect(await ask(on, at(1_100))).toMatchObject({ kind: 'answered', isError: true });
  });

  it('that ends while its parent is paused leaves that to the person who paused it', async () => {
    const { parentId, helperId, parent, take, end, pause, by, row, slices } = await delegating();
    const helper = await take(helperId, at(100));
    await pauseRun(by(at(200)), { runId: parentId });
    await pause(parent, at(300));
    slices();
    await end(helper, at(400), reported);
    expect(await row(parentId)).toMatchObject({ status: 'waiting', waits: { for: 'a person to resume it' } });
    expect(slices()).not.toContain(parentId);
  });

  it('that a person paused ends with its parent', async () => {
    const { parentId, helperId, take, end, wait, pause, by, row, slices } = await delegating();
    await wait(at(100));
    const helper = await take(helperId, at(200));
    await pauseRun(by(at(300)), { runId: helperId });
    await pause(helper, at(400));
    expect(await row(helperId)).toMatchObject({ status: 'waiting' });
    await stopRun(by(at(500)), { runId: parentId, reason: 'Wrong task.' });
    const stopping = await take(parentId, at(600));
    slices();
    await end(stopping, at(700), { reason: 'stopped_by_person', detail: '' });
    expect(slices()).toContain(helperId);
    const over = await take(helperId, at(800));
    expect(over.refused).toMatchObject({ reason: 'not_allowed' });
    await end(over, at(900), over.refused!);
    expect(await row(helperId)).toMatchObject({ status: 'failed' });
    expect(await row(parentId)).toMatchObject({ status: 'stopped' });
  });
});
