import type { BusEvent } from '../../../inngest/bus/events.ts';
import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { Prisma, type Approval } from '../../db/generated/client.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { granted, grantedOf, type Granted } from '../../domain/approval/granted.ts';
import { approvalSubject, type ApprovalSubject } from '../../domain/approval/subject.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { lockPipelineRun } from '../pipeline/lock-pipeline-run.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import { reopenProposals } from '../proposals/reopen-proposals.ts';
import { lockAgent } from '../agents/put-agent.ts';
import { whyNotInForce } from '../definitions/why-not-in-force.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { give } from './give.ts';
import { requireEligible } from './require-eligible.ts';
import { wakeRun } from './wake-run.ts';

export type Decision = {
  approvalId: string;
  /** The digest the person saw: a changed subject is not what was decided. */
  digest: string;
  verdict: 'approved' | 'denied';
  reason: string;
  /** For questions: the words or the option the agent gets. */
  answer?: string | null;
  /** For requests of scope and budget: what is given, where that is less than was asked. */
  granted?: Granted | null;
  /** Of a denied merge: the change goes back to its author, with the reason, instead of being closed. */
  rework?: boolean;
  /** The surface, for example `browser`. */
  via: string;
};

type Deciding = { orgId: string; userId: string; now: Date; decision: Decision };
type Row = Pick<Approval, 'id' | 'subject' | 'granted' | 'quorum' | 'pipelineRunId' | 'runId'>;

/**
 * One person's decision. Many clicks at once make one decision: the row is taken by compare-and-set on status, digest and
 * deadline. Throws `not_found`, `forbidden`, `approval_stale` or `conflict` (this person voted already).
 */
export async function decideApproval(
  { database, orgId, actor, now, bus }: ActorContext,
  decision: Decision,
): Promise<{ approvalId: string; status: 'pending' | 'approved' | 'denied' }> {
  if (actor.type !== 'user') throw new AppError('forbidden', 'Only a person can decide an approval.');
  const deciding: Deciding = { orgId, userId: actor.userId, now, decision };
  const decided = await database.transaction(orgId, async (tx) => {
    const row = await takeRow(tx, deciding);
    const subject = approvalSubject.parse(row.subject);
    const { selfApproval, needed } = await requireEligible(tx, { orgId, userId: actor.userId, row, subject });
    const moved = await whyVoid(tx, orgId, subject);
    if (moved) return voidApproval(tx, deciding, row, moved);
    requireReworkable(subject, decision);
    const given = givenBy(subject, { ...decision, before: row.granted });
    const { status, event } = await vote(tx, deciding, { row, needed, selfApproval, given });
    const gave = status === 'approved' ? await give(tx, { orgId, now, approvalId: row.id, subject, given }) : [];
    const events = await wake(tx, deciding, { row, subject, status });
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [event, ...gave] });
    return { status, void: null, events };
  });
  await sendAfterCommit(bus, decided.events);
  if (decided.void !== null) throw new AppError('approval_stale', decided.void, { approvalId: decision.approvalId });
  return { approvalId: decision.approvalId, status: decided.status };
}

/** The compare-and-set: locks the row while it can still be decided as the person saw it. */
async function takeRow(tx: OrgTx, { orgId, now, decision }: Deciding): Promise<Row> {
  const { approvalId: id, digest } = decision;
  const found = await tx.approval.findUnique({ where: { orgId_id: { orgId, id } } });
  if (!found) throw new AppError('not_found', 'There is no such approval.');
  // Saves of policies and roles hold the org's stream before they close what waits, and those of an agent its row before that.
  if (found.pipelineRunId === null)
    await lockDefinition(tx, { orgId, now, subject: approvalSubject.parse(found.subject) });
  else await lockPipelineRun(tx, { orgId, pipelineRunId: found.pipelineRunId });
  const taken = await tx.approval.updateMany({
    where: { orgId, id, status: 'pending', digest, expiresAt: { gt: now } },
    data: { status: 'pending' },
  });
  const row = await tx.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id } } });
  if (taken.count > 0) return row;
  const message =
    row.status !== 'pending'
      ? `This approval is ${row.status} already. Load the page again to see where it stands.`
      : row.digest !== digest
        ? 'What is asked has changed since this page was loaded. Load it again before you decide.'
        : 'This approval has expired. It is asked anew within a minute.';
  throw new AppError('approval_stale', message, { approvalId: id, status: row.status });
}

type Locking = { orgId: string; now: Date; subject: ApprovalSubject };

async function lockDefinition(tx: OrgTx, { orgId, now, subject }: Locking): Promise<void> {
  const agentId = subject.kind === 'definition' && subject.what.of === 'agent' ? subject.what.agentId : null;
  if (agentId !== null) await lockAgent(tx, { orgId, agentId, now });
  await lockOrgStream(tx, orgId);
}

/**
 * A merge approval binds head and patch: when the change has moved, there is nothing left to approve. A version of a policy or
 * role binds the one that it was drafted on.
 */
async function whyVoid(tx: OrgTx, orgId: string, subject: ApprovalSubject): Promise<string | null> {
  if (subject.kind === 'definition') return whyNotInForce(tx, orgId, subject);
  if (subject.kind !== 'merge') return null;
  const change = await tx.change.findUnique({ where: { orgId_id: { orgId, id: subject.changeId } } });
  if (change?.status === 'open' && change.head === subject.head && change.patchId === subject.patchId) return null;
  return 'The change has moved since this was asked. It is checked and reviewed again, and then asked anew.';
}

async function voidApproval(tx: OrgTx, { orgId, userId, now }: Deciding, row: Row, why: string) {
  await tx.approval.updateMany({
    where: { orgId, id: row.id, status: 'pending' },
    data: { status: 'voided', decidedAt: now },
  });
  const payload = { approvalId: row.id, status: 'voided' as const, reason: why };
  const actor = { type: 'user' as const, userId };
  const reopened = await reopenProposals(tx, { orgId, approvalIds: [row.id] });
  const events: OrgEvent[] = [{ kind: 'approval.closed', payload }, ...reopened];
  await appendOrgEvents(tx, { orgId, actor, at: now, events });
  return { status: 'pending' as const, void: why, events: await advance(tx, { orgId, now, row }) };
}

function requireReworkable(subject: ApprovalSubject, { rework = false, verdict }: Decision): void {
  if (!rework) return;
  if (verdict === 'denied' && subject.kind === 'merge' && subject.reworkTo !== undefined) return;
  const problem =
    verdict === 'denied' && subject.kind === 'merge'
      ? 'This change has been sent back as often as its pipeline allows. Deny it without rework, or approve it.'
      : 'Only a denied merge can be sent back to be reworked.';
  throw new AppError('invalid_input', problem);
}

/** What this decision gives. Throws `invalid_input` where it would give more than was asked. */
function givenBy(
  subject: ApprovalSubject,
  { verdict, granted: narrower = null, before }: Decision & { before: unknown },
): Granted | null {
  if (verdict === 'denied') return null;
  const answer = grantedOf(subject, narrower, before === null ? null : granted.parse(before));
  if ('problem' in answer) throw new AppError('invalid_input', answer.problem);
  return answer.granted;
}

async function vote(
  tx: OrgTx,
  { orgId, userId, now, decision }: Deciding,
  { row, needed, selfApproval, given }: { row: Row; needed: number; selfApproval: boolean; given: Granted | null },
): Promise<{ status: 'pending' | 'approved' | 'denied'; event: OrgEvent }> {
  const { verdict, via, digest } = decision;
  const reason = decision.reason.trim().slice(0, 2_000);
  const before = await tx.approvalVote.findMany({ where: { orgId, approvalId: row.id } });
  if (before.some((cast) => cast.userId === userId)) throw new AppError('conflict', 'You have decided this already.');
  const id = newId('approvalVote');
  await tx.approvalVote.create({
    data: { orgId, id, approvalId: row.id, userId, via, verdict, reason, createdAt: now },
  });
  const { rework = false } = decision;
  const said = { approvalId: row.id, digest, verdict, reason, via, selfApproved: selfApproval };
  const event: OrgEvent = { kind: 'approval.decided', payload: rework ? { ...said, rework } : said };
  const enough = verdict === 'denied' || before.length + 1 >= needed;
  if (!enough) {
    // What one of them narrowed, the next does not widen.
    await tx.approval.updateMany({
      where: { orgId, id: row.id, status: 'pending' },
      data: { granted: given ?? Prisma.DbNull },
    });
    return { status: 'pending', event };
  }
  const answer = decision.answer?.trim().slice(0, 2_000) || null;
  await tx.approval.updateMany({
    where: { orgId, id: row.id, status: 'pending' },
    data: {
      status: verdict,
      answer,
      granted: given ?? Prisma.DbNull,
      selfApproved: selfApproval,
      rework,
      decidedAt: now,
    },
  });
  return { status: verdict, event };
}

async function wake(
  tx: OrgTx,
  { orgId, now }: Deciding,
  { row, subject, status }: { row: Row; subject: ApprovalSubject; status: string },
): Promise<BusEvent[]> {
  if (status === 'pending') return [];
  if ('runId' in subject) return wakeRun(tx, { orgId, runId: subject.runId, now });
  return advance(tx, { orgId, now, row });
}

type Advancing = { orgId: string; now: Date; row: Row };

/** Nothing is waited for any more: that is what the sweeper sees, should the message be lost. */
async function advance(tx: OrgTx, { orgId, now, row }: Advancing): Promise<BusEvent[]> {
  const { pipelineRunId } = row;
  if (pipelineRunId === null) return [];
  await tx.pipelineRun.updateMany({
    where: { orgId, id: pipelineRunId, status: 'waiting' },
    data: { status: 'running', waits: Prisma.DbNull, updatedAt: now },
  });
  return [{ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } }];
}
