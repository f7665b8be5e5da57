import type { Database } from '../../db/connect.ts';
import { answerText } from '../../domain/approval/sentences.ts';
import { approvalSubject } from '../../domain/approval/subject.ts';
import type { Waits } from '../../domain/runs/run-state.ts';
import { requestApproval } from './request-approval.ts';

export type Question = {
  orgId: string;
  now: Date;
  runId: string;
  requesterId: string;
  callId: string;
  question: string;
  options: string[];
};

export type Answer = { kind: 'waiting'; approvalId: string; waits: Waits } | { kind: 'answered'; text: string };

/**
 * Puts a run's question before people. Idempotent by call id: asked again, it says whether somebody has answered.
 */
export async function askPerson({ database }: { database: Database }, asked: Question): Promise<Answer> {
  const { orgId, now, runId, callId, question, options } = asked;
  return database.transaction(orgId, async (tx) => {
    const { stageAttempt } = await tx.run.findUniqueOrThrow({
      where: { orgId_id: { orgId, id: runId } },
      include: { stageAttempt: true },
    });
    const before = await tx.approval.findMany({
      where: { orgId, runId, kind: 'question', status: { in: ['pending', 'approved', 'denied'] } },
      orderBy: { id: 'desc' },
      include: { votes: { orderBy: { id: 'desc' }, take: 1 } },
    });
    const same = before.find((row) => {
      const subject = approvalSubject.parse(row.subject);
      return subject.kind === 'question' && subject.callId === callId;
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
        subject: { kind: 'question', runId, callId, question, options },
      }));
    const since = (same?.createdAt ?? now).toISOString();
    const wakes = 'a person answers on the approval page';
    return {
      kind: 'waiting',
      approvalId,
      waits: { for: 'an answer to the agent’s question', since, wakes, ref: approvalId },
    };
  });
}
