import { beforeAll, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../inngest/bus/events.ts';
import type { Database } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { newId } from '../../db/new-id.ts';
import type { ApprovalSubject } from '../../domain/approval/subject.ts';
import { testDatabase } from '../../testing/database.ts';
import {
  makeChange,
  makeMember,
  makeOrg,
  makePipelineRun,
  makeRepo,
  makeRunWithAll,
  makeStageAttempt,
  makeStarters,
  makeTask,
  type TestOrg,
} from '../../testing/factories.ts';
import { decideApproval, type Decision } from './decide-approval.ts';
import { expireApproval } from './expire-approval.ts';
import { requestApproval } from './request-approval.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const now = new Date('2026-11-20T10:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const sent: BusEvent[] = [];
const bus = {
  send: async (events: BusEvent[]) => void sent.push(...events),
  lost(error: unknown) {
    throw error;
  },
};

/** A pipeline run that waits for the approval of its merge. */
async function waitingMerge(over: { reworkTo?: string } = {}) {
  const org = await makeOrg(database);
  const { pipelineVersionId, policyVersionId } = await makeStarters(database, org);
  const { repoId, name } = await makeRepo(org);
  const { taskId } = await makeTask(org, { repoId });
  const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId, status: 'waiting' });
  const head = 'h'.repeat(40);
  const { changeId, base } = await makeChange(org, { pipelineRunId, repoId, head, patchId: 'p' });
  const { stageAttemptId } = await makeStageAttempt(org, {
    pipelineRunId,
    stage: 'merge-ok',
    kind: 'approval',
    status: 'waiting',
  });
  const subject: ApprovalSubject = {
    kind: 'merge',
    changeId,
    repo: name,
    target: 'main',
    base,
    head,
    patchId: 'p',
    policyVersionId,
    files: 1,
    added: 2,
    removed: 0,
    summary: 'done',
    ...over,
  };
  const approvalId = await open(org, { pipelineRunId, stageAttemptId, subject });
  return { org, pipelineRunId, changeId, approvalId, ...(await digestOf(org, approvalId)) };
}

async function open(
  { orgId }: TestOrg,
  of: { pipelineRunId: string; stageAttemptId: string; subject: ApprovalSubject; runId?: string },
) {
  const actor = { type: 'system' as const, reason: 'test' };
  return database.transaction(orgId, (tx) => requestApproval(tx, { orgId, now, actor, runId: null, ...of }));
}

async function digestOf({ db, orgId }: TestOrg, id: string) {
  const { digest } = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id } } });
  return { digest };
}

const decide = (org: TestOrg, userId: string, decision: Partial<Decision> & { approvalId: string; digest: string }) =>
  decideApproval(
    { database, orgId: org.orgId, actor: { type: 'user', userId }, now: later(1_000), bus },
    { verdict: 'approved', reason: '', via: 'browser', ...decision },
  );

describe('decideApproval', () => {
  it('a denied merge goes back to its author where a person says so, and the log says it', async () => {
    const { org, approvalId, digest } = await waitingMerge({ reworkTo: 'build' });
    const denied = { approvalId, digest, verdict: 'denied' as const, reason: 'Name it well.', rework: true };
    await decide(org, org.owner.userId, denied);
    const { orgId, db } = org;
    const row = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: approvalId } } });
    expect(row).toMatchObject({ status: 'denied', rework: true });
    const events = await readAllEvents(db, { orgId, kind: 'org', subject: orgId });
    const decided = events.find(({ kind }) => kind === 'approval.decided');
    expect(decided?.payload).toMatchObject({ verdict: 'denied', rework: true });
  });

  it('nothing is sent back that may not be, or that is approved', async () => {
    const { org, approvalId, digest } = await waitingMerge();
    const back = (verdict: 'approved' | 'denied') =>
      decide(org, org.owner.userId, { approvalId, digest, verdict, reason: 'no', rework: true });
    await expect(back('denied')).rejects.toMatchObject({ code: 'invalid_input', message: /as often as its pipeline/ });
    await expect(back('approved')).rejects.toMatchObject({ code: 'invalid_input', message: /Only a denied merge/ });
    expect(await org.db.approvalVote.count({ where: { orgId: org.orgId, approvalId } })).toBe(0);
  });

  it('100 clicks at once make one decision, one vote and one event', async () => {
    const { org, approvalId, digest, pipelineRunId } = await waitingMerge();
    const clicks = Array.from({ length: 100 }, () => decide(org, org.owner.userId, { approvalId, digest }));
    const done = await Promise.allSettled(clicks);
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const refused of done.filter(({ status }) => status === 'rejected')) {
      expect(refused).toMatchObject({ reason: { code: 'approval_stale' } });
    }
    const { orgId, db } = org;
    expect(await db.approvalVote.count({ where: { orgId, approvalId } })).toBe(1);
    const events = await readAllEvents(db, { orgId, kind: 'org', subject: orgId });
    expect(events.filter(({ kind }) => kind === 'approval.decided')).toHaveLength(1);
    const row = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: approvalId } } });
    expect(row).toMatchObject({ status: 'approved', selfApproved: true });
    const pipelineRun = await db.pipelineRun.findUniqueOrThrow({ where: { orgId_id: { orgId, id: pipelineRunId } } });
    expect(pipelineRun).toMatchObject({ status: 'running', waits: null });
    expect(sent).toContainEqual({ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } });
  });

  it('refuses another digest, a passed deadline and a stranger', async () => {
    const { org, approvalId, digest } = await waitingMerge();
    const { userId } = org.owner;
    await expect(decide(org, userId, { approvalId, digest: 'other' })).rejects.toMatchObject({
      code: 'approval_stale',
      message: expect.stringContaining('has changed'),
    });
    const stranger = await makeOrg(database);
    await expect(decide(org, stranger.owner.userId, { approvalId, digest })).rejects.toMatchObject({
      code: 'not_found',
    });
    await org.db.approval.updateMany({ where: { orgId: org.orgId, id: approvalId }, data: { expiresAt: now } });
    await expect(decide(org, userId, { approvalId, digest })).rejects.toMatchObject({
      code: 'approval_stale',
      message: expect.stringContaining('expired'),
    });
  });

  it('keeps the requester from his own merge where somebody else may decide', async () => {
    const { org, approvalId, digest } = await waitingMerge();
    const approver = await makeMember(database, org, 'approver');
    await expect(decide(org, org.owner.userId, { approvalId, digest })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(decide(org, approver.userId, { approvalId, digest })).resolves.toMatchObject({ status: 'approved' });
  });

  it('waits for its quorum', async () => {
    const { org, approvalId, digest } = await waitingMerge();
    const { orgId, db } = org;
    const [one, two] = [await makeMember(database, org, 'approver'), await makeMember(database, org, 'admin')];
    await db.approval.updateMany({ where: { orgId, id: approvalId }, data: { quorum: 2 } });
    await expect(decide(org, one.userId, { approvalId, digest })).resolves.toMatchObject({ status: 'pending' });
    await expect(decide(org, one.userId, { approvalId, digest })).rejects.toMatchObject({ code: 'conflict' });
    await expect(decide(org, two.userId, { approvalId, digest })).resolves.toMatchObject({ status: 'approved' });
  });

  it('is void when the change has moved', async () => {
    const { org, approvalId, digest, changeId } = await waitingMerge();
    const { orgId, db, owner } = org;
    await db.change.updateMany({ where: { orgId, id: changeId }, data: { head: 'other' } });
    await expect(decide(org, owner.userId, { approvalId, digest })).rejects.toMatchObject({ code: 'approval_stale' });
    const row = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: approvalId } } });
    expect(row.status).toBe('voided');
    expect(await db.approvalVote.count({ where: { orgId, approvalId } })).toBe(0);
  });

  it('queues the run whose question was answered', async () => {
    const { org, runId, stageAttemptId, pipelineRunId } = await makeRunWithAll(database, { status: 'waiting' });
    const { orgId, db, owner } = org;
    const subject: ApprovalSubject = { kind: 'question', runId, callId: 'c', question: 'May I?', options: [] };
    const approvalId = await open(org, { pipelineRunId, stageAttemptId, subject, runId });
    await decide(org, owner.userId, { approvalId, ...(await digestOf(org, approvalId)), answer: 'Yes' });
    const run = await db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
    expect(run.status).toBe('queued');
    expect(sent).toContainEqual({ name: 'run/slice-requested', data: { orgId, runId } });
  });
});

describe('expireApproval', () => {
  it('neither approves nor discards: it asks anew', async () => {
    const { org, approvalId, pipelineRunId } = await waitingMerge();
    const { orgId, db } = org;
    const waits = { for: 'approval of the merge', since: now.toISOString(), wakes: 'a person', ref: approvalId };
    await db.pipelineRun.updateMany({ where: { orgId, id: pipelineRunId }, data: { waits } });
    await expireApproval({ database, orgId, now: later(1_000) }, { approvalId });
    expect(await db.approval.count({ where: { orgId, pipelineRunId } })).toBe(1);
    const afterDeadline = later(30 * 24 * 3_600_000);
    await expireApproval({ database, orgId, now: afterDeadline }, { approvalId });
    await expireApproval({ database, orgId, now: afterDeadline }, { approvalId });
    const rows = await db.approval.findMany({ where: { orgId, pipelineRunId }, orderBy: { id: 'asc' } });
    expect(rows.map(({ status }) => status)).toEqual(['expired', 'pending']);
    expect(rows[0]?.digest).toBe(rows[1]?.digest);
    const pipelineRun = await db.pipelineRun.findUniqueOrThrow({ where: { orgId_id: { orgId, id: pipelineRunId } } });
    expect(pipelineRun.waits).toMatchObject({ ref: rows[1]?.id });
  });

  it('knows ids of nothing', async () => {
    const org = await makeOrg(database);
    await expireApproval({ database, orgId: org.orgId, now }, { approvalId: newId('approval') });
  });
});
