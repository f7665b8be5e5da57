import type { Database } from '../../db/connect.ts';
import { answerText } from '../../domain/approval/sentences.ts';
import { approvalSubject } from '../../domain/approval/subject.ts';
import { checkAmounts } from '../../domain/budget/amounts.ts';
import { AppError } from '../../domain/errors.ts';
import type { Answer } from './ask-person.ts';
import { requestApproval } from './request-approval.ts';

export type RaiseRequest = {
  orgId: string;
  now: Date;
  runId: string;
  requesterId: string;
  callId: string;
  addMicros: number;
  addSeconds: number;
  why: string;
};

/**
 * Puts a run's wish for more budget before people. Idempotent by call id: asked again, it says whether somebody has
 * decided; the raise itself is part of that decision. Throws `invalid_input` for amounts that are none.
 */
export async function requestRaise({ database }: { database: Database }, asked: RaiseRequest): Promise<Answer> {
  const { orgId, now, runId, callId, addMicros, addSeconds, why } = asked;
  checkAmounts({ micros: addMicros || null, seconds: addSeconds || null, tokens: null });
  if (addMicros === 0 && addSeconds === 0) throw new AppError('invalid_input', 'Say how much is added: money or time.');
  return database.transaction(orgId, async (tx) => {
    const { stageAttempt } = await tx.run.findUniqueOrThrow({
      where: { orgId_id: { orgId, id: runId } },
      include: { stageAttempt: true },
    });
    const before = await tx.approval.findMany({
      where: { orgId, runId, kind: 'budget', status: { in: ['pending', 'approved', 'denied'] } },
      orderBy: { id: 'desc' },
      include: { votes: { orderBy: { id: 'desc' }, take: 1 } },
    });
    const same = before.find((row) => {
      const subject = approvalSubject.parse(row.subject);
      return subject.kind === 'budget' && subject.callId === callId;
    });
    if (same && same.status !== 'pending') {
      const reason = same.votes[0]?.reason ?? '';
      return { kind: 'answered', text: answerText(same.status as 'approved' | 'denied', same.answer, reason) };
    }
    const approvalId =
      same?.id ??
      (await requestApproval(tx, {
        orgId,
        now,
        actor: { type: 'agent-run', runId, onBehalfOf: asked.requesterId },
        pipelineRunId: stageAttempt.pipelineRunId,
        stageAttemptId: stageAttempt.id,
        runId,
        subject: { kind: 'budget', runId, callId, addMicros, addSeconds, why },
      }));
    const since = (same?.createdAt ?? now).toISOString();
    const wakes = 'a person decides on the approval page';
    return { kind: 'waiting', approvalId, waits: { for: 'more budget', since, wakes, ref: approvalId } };
  });
}
