import { beforeAll, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../inngest/bus/events.ts';
import type { Database } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeRun, makeRunWithAll, makeStageAttempt } from '../../testing/factories.ts';
import { claimRun } from '../runs/claim-run.ts';
import { heartbeatRun } from '../runs/heartbeat-run.ts';
import { listAgents } from '../views/list-agents.ts';
import { reinstateAgent, retireAgent } from './retire-agent.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const now = new Date('2026-11-20T10:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);

async function hired() {
  const made = await makeRunWithAll(database);
  const { orgId, owner, db } = made.org;
  const agentId = made.starters.roles['developer']!.agentId;
  const sent: BusEvent[] = [];
  const bus = {
    send: async (events: BusEvent[]) => void sent.push(...events),
    lost(error: unknown) {
      throw error;
    },
  };
  const by = { database, orgId, actor: { type: 'user' as const, userId: owner.userId }, now, bus };
  const second = async (over: { status: 'waiting' | 'queued' }) => {
    const { stageAttemptId } = await makeStageAttempt(made.org, { pipelineRunId: made.pipelineRunId, attempt: 2 });
    return makeRun(made.org, made.starters, { stageAttemptId, ...over });
  };
  const claim = (runId: string) => claimRun({ database, orgId, now, worker: 'w1' }, { runId });
  return { ...made, orgId, db, agentId, by, sent, second, claim, retire: () => retireAgent(by, { agentId }) };
}

describe('an agent that is retired', () => {
  it('has its open runs taken, to be ended: the queued one, the waiting one, and with a heartbeat the one at work', async () => {
    const { retire, second, claim, runId, orgId, sent, db } = await hired();
    const held = await claim(runId);
    if (held.kind !== 'claimed') throw new Error(held.kind);
    const waiting = await second({ status: 'waiting' });
    await retire();
    const beat = await heartbeatRun({ database, now: later(500) }, held.claim);
    expect(beat).toMatchObject({ stop: null, refused: { reason: 'not_allowed' } });
    const slices = [runId, waiting.runId].map((id) => ({ name: 'run/slice-requested', data: { orgId, runId: id } }));
    expect(sent).toEqual(expect.arrayContaining(slices));
    const row = await db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: waiting.runId } } });
    expect(row.status).toBe('queued');
    const refused = { reason: 'not_allowed', detail: expect.stringContaining('has been retired') };
    expect(await claim(waiting.runId)).toMatchObject({ kind: 'claimed', claim: { refused } });
  });

  it('needs no free slot for a run that is only taken to be ended', async () => {
    const { retire, second, claim, runId, orgId, db } = await hired();
    await db.agent.updateMany({ where: { orgId }, data: { maxRuns: 1 } });
    expect(await claim(runId)).toMatchObject({ kind: 'claimed' });
    const queued = await second({ status: 'queued' });
    expect(await claim(queued.runId)).toMatchObject({ kind: 'no_place' });
    await retire();
    expect(await claim(queued.runId)).toMatchObject({ kind: 'claimed' });
  });

  it('is told once in the org’s log, and can work again', async () => {
    const { retire, by, agentId, orgId, db, claim, runId } = await hired();
    await retire();
    await retire();
    const listed = async () => (await listAgents({ db, orgId })).find(({ id }) => id === agentId);
    expect(await listed()).toMatchObject({ retiredAt: now.toISOString(), openRuns: 1, role: 'developer' });
    await reinstateAgent(by, { agentId });
    await reinstateAgent(by, { agentId });
    expect(await listed()).toMatchObject({ retiredAt: null });
    expect(await claim(runId)).toMatchObject({ kind: 'claimed', claim: { refused: null } });
    const log = await readAllEvents(db, { orgId, kind: 'org', subject: orgId });
    expect(log.filter(({ kind }) => kind.startsWith('agent.'))).toMatchObject([
      { kind: 'agent.retired', payload: { agentId, openRuns: 1 } },
      { kind: 'agent.reinstated', payload: { agentId } },
    ]);
  });

  it('is there, in this org, and retired by a person', async () => {
    const { by, agentId } = await hired();
    const other = await hired();
    await expect(retireAgent(by, { agentId: other.agentId })).rejects.toMatchObject({ code: 'not_found' });
    const system = { type: 'system' as const, reason: 'test' };
    await expect(retireAgent({ ...by, actor: system }, { agentId })).rejects.toMatchObject({ code: 'forbidden' });
  });
});
