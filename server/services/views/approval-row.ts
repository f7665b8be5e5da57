import type { Prisma } from '../../db/generated/client.ts';
import { granted } from '../../domain/approval/granted.ts';
import { mayDecide, type Person } from '../../domain/approval/eligible.ts';
import { approvalSentences } from '../../domain/approval/sentences.ts';
import { approvalSubject, decidesOn } from '../../domain/approval/subject.ts';
import type { ApprovalView } from '../../domain/views/views.ts';
import { namesOf } from './people.ts';
import type { ViewQuery } from './view-query.ts';

export const approvalInclude = {
  votes: { orderBy: { createdAt: 'asc' } },
  pipelineRun: { include: { task: { include: { repo: { select: { name: true } } } } } },
} satisfies Prisma.ApprovalInclude;

type ApprovalRow = Prisma.ApprovalGetPayload<{ include: typeof approvalInclude }>;

/** Approvals as this viewer sees them: with what deciding does, and whether it is his to decide. */
export async function approvalViews(query: ViewQuery, rows: ApprovalRow[]): Promise<ApprovalView[]> {
  if (rows.length === 0) return [];
  const members = await query.db.member.findMany({
    where: { orgId: query.orgId },
    select: { userId: true, role: true },
  });
  const people = rows.flatMap(({ votes, pipelineRun }) => [
    pipelineRun.task.requesterId,
    ...votes.map(({ userId }) => userId),
  ]);
  const nameOf = await namesOf(query, people);
  return rows.map((row) => approvalView(row, { query, members, nameOf }));
}

type Around = { query: ViewQuery; members: Person[]; nameOf: (userId: string) => string };

function approvalView(row: ApprovalRow, { query, members, nameOf }: Around): ApprovalView {
  const subject = approvalSubject.parse(row.subject);
  const { task } = row.pipelineRun;
  const whyNot = whyNotDecide(row, { query, members });
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    ...approvalSentences(subject),
    subject,
    digest: row.digest,
    quorum: row.quorum,
    taskId: task.id,
    taskNumber: task.number,
    taskTitle: task.title,
    repo: task.repo.name,
    requestedBy: nameOf(task.requesterId),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    selfApproved: row.selfApproved,
    rework: row.rework,
    answer: row.answer,
    granted: row.granted === null ? null : granted.parse(row.granted),
    votes: row.votes.map((vote) => ({
      by: nameOf(vote.userId),
      verdict: vote.verdict === 'approved' ? 'approved' : 'denied',
      reason: vote.reason,
      via: vote.via,
      at: vote.createdAt.toISOString(),
    })),
    mayDecide: whyNot === null,
    whyNot,
  };
}

const closed = {
  approved: 'It was approved already.',
  denied: 'It was denied already.',
  expired: 'Its time is over; it is asked anew.',
} as const;

/** Three things void an approval: its task ended, the run that asked ended, or the change moved on and is asked anew. */
function whyVoided({ runId, pipelineRun }: ApprovalRow): string {
  if (pipelineRun.endedAt !== null) return 'Its task has ended: there is nothing left to decide.';
  if (runId !== null) return 'The run that asked has ended: nobody waits for the answer any more.';
  return 'What it was about has changed; it is asked anew.';
}

function whyNotDecide(row: ApprovalRow, { query, members }: { query: ViewQuery; members: Person[] }): string | null {
  if (row.status === 'voided') return whyVoided(row);
  if (row.status !== 'pending') return closed[row.status];
  if (row.expiresAt <= query.now) return closed.expired;
  const verdict = mayDecide({
    kind: row.kind,
    viewer: query.viewer,
    requesterId: row.pipelineRun.task.requesterId,
    members,
    decides: decidesOn(approvalSubject.parse(row.subject)),
  });
  return verdict.may ? null : verdict.why;
}
