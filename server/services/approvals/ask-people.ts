import type { Database, OrgTx } from '../../db/connect.ts';
import { granted } from '../../domain/approval/granted.ts';
import { requestAnswer, waitWords } from '../../domain/approval/request-words.ts';
import { approvalSubject, type ApprovalSubject, type RunRequest } from '../../domain/approval/subject.ts';
import { checkRaise } from '../../domain/budget/amounts.ts';
import type { RunEvent } from '../../domain/events/run-events.ts';
import { grantAllows } from '../../domain/policy/grant.ts';
import type { Waits } from '../../domain/runs/run-state.ts';
import { requestApproval } from './request-approval.ts';

export type Asking = { orgId: string; now: Date; requesterId: string; request: RunRequest };

export type Answer =
  { kind: 'waiting'; approvalId: string; waits: Waits } | { kind: 'answered'; text: string; events: RunEvent[] };

/**
 * Puts what a run asks for before people. Idempotent by call id: asked again, it says whether somebody has decided. Throws
 * `invalid_input` for amounts that are none.
 */
export async function askPeople({ database }: { database: Database }, asking: Asking): Promise<Answer> {
  const { orgId, now, request } = asking;
  const { runId } = request;
  if (request.kind === 'budget') checkRaise(request);
  return database.transaction(orgId, async (tx) => {
    const same = await findAsked(tx, asking);
    if (same && same.status !== 'pending') return answerOf(tx, orgId, same);
    const approvalId = same?.id ?? (await open(tx, asking));
    const since = (same?.createdAt ?? now).toISOString();
    return { kind: 'waiting', approvalId, waits: { ...waitWords(request), since, ref: approvalId } };
  });

  async function open(tx: OrgTx, { requesterId }: Asking): Promise<string> {
    const { stageAttempt } = await tx.run.findUniqueOrThrow({
      where: { orgId_id: { orgId, id: runId } },
      include: { stageAttempt: true },
    });
    return requestApproval(tx, {
      orgId,
      now,
      actor: { type: 'agent-run', runId, onBehalfOf: requesterId },
      pipelineRunId: stageAttempt.pipelineRunId,
      stageAttemptId: stageAttempt.id,
      runId,
      subject: request,
    });
  }
}

/** The newest approval of this very call that is pending or decided. */
async function findAsked(tx: OrgTx, { orgId, request }: Asking) {
  const { runId, kind, callId } = request;
  const rows = await tx.approval.findMany({
    where: { orgId, runId, kind, status: { in: ['pending', 'approved', 'denied'] } },
    orderBy: { id: 'desc' },
    include: { votes: { orderBy: { id: 'desc' }, take: 1 } },
  });
  return rows.find((row) => isOfCall(approvalSubject.parse(row.subject), callId));
}

type Asked = NonNullable<Awaited<ReturnType<typeof findAsked>>>;

function isOfCall(subject: ApprovalSubject, callId: string): boolean {
  return 'callId' in subject && subject.callId === callId;
}

/** The answer speaks of the subject that was decided, which is the one that was asked first. */
async function answerOf(tx: OrgTx, orgId: string, row: Asked): Promise<Answer> {
  const request = approvalSubject.parse(row.subject) as RunRequest;
  const words = [row.answer ?? '', row.votes[0]?.reason ?? ''].filter((part) => part.trim() !== '').join('\n');
  const given = row.granted === null ? null : granted.parse(row.granted);
  const text = requestAnswer(request, { approved: row.status === 'approved', words, granted: given });
  const of = { callId: request.callId, approvalId: row.id };
  if (given?.kind === 'budget') {
    const payload = { ...of, addMicros: given.addMicros, addSeconds: given.addSeconds };
    return { kind: 'answered', text, events: [{ kind: 'budget.raised', payload }] };
  }
  const grants = await tx.grant.findMany({ where: { orgId, approvalId: row.id } });
  const events = grants.map(({ allows, until }): RunEvent => {
    const payload = { ...of, allows: grantAllows.parse(allows), until: until.toISOString() };
    return { kind: 'scope.granted', payload };
  });
  return { kind: 'answered', text, events };
}
