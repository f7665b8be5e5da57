import type { Prisma } from '../../db/generated/client.ts';
import { granted } from '../../domain/approval/granted.ts';
import { mayDecide, mayDecideDefinition } from '../../domain/approval/eligible.ts';
import { approvalSentences } from '../../domain/approval/sentences.ts';
import { approvalSubject, decidesOn } from '../../domain/approval/subject.ts';
import type { ApprovalRule, Approver } from '../../domain/policy/approval-rule.ts';
import type { ApprovalView } from '../../domain/views/views.ts';
import { readApprovalRule, readApprovers } from '../policy/approval-rule.ts';
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
  const members = await readApprovers(query.db, query.orgId);
  const rule = await readApprovalRule(query.db, query.orgId);
  const people = rows.flatMap((row) => [requesterOf(row), ...row.votes.map(({ userId }) => userId)]);
  const nameOf = await namesOf(query, people);
  return rows.map((row) => approvalView(row, { query, members, rule, nameOf }));
}

/** Who filed the task, or wrote the version. */
function requesterOf({ pipelineRun, subject: stored }: ApprovalRow): string {
  if (pipelineRun) return pipelineRun.task.requesterId;
  const subject = approvalSubject.parse(stored);
  return subject.kind === 'definition' ? subject.authorId : '';
}

function taskFields({ pipelineRun }: ApprovalRow) {
  if (pipelineRun === null) return { taskId: null, taskNumber: null, taskTitle: null, repo: null };
  const { id, number, title, repo } = pipelineRun.task;
  return { taskId: id, taskNumber: number, taskTitle: title, repo: repo.name };
}

type Judging = { query: ViewQuery; members: Approver[]; rule: ApprovalRule | null };
type Around = Judging & { nameOf: (userId: string) => string };

function approvalView(row: ApprovalRow, { nameOf, ...judging }: Around): ApprovalView {
  const subject = approvalSubject.parse(row.subject);
  const whyNot = whyNotDecide(row, judging);
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    ...approvalSentences(subject),
    subject,
    digest: row.digest,
    quorum: row.quorum,
    ...taskFields(row),
    definition: null,
    requestedBy: nameOf(requesterOf(row)),
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
const draftExpired = 'Its time is over. Whoever still wants it saves it once more.';

/** Three things void an approval: its task ended, the run that asked ended, or the change moved on and is asked anew. */
function whyVoided({ runId, pipelineRun }: ApprovalRow): string {
  if (pipelineRun === null) return 'Another version came into force or took its place, so that it stands on nothing.';
  if (pipelineRun.endedAt !== null) return 'Its task has ended: there is nothing left to decide.';
  if (runId !== null) return 'The run that asked has ended: nobody waits for the answer any more.';
  return 'What it was about has changed; it is asked anew.';
}

function whyNotDecide(row: ApprovalRow, { query, members, rule }: Judging): string | null {
  if (row.status === 'voided') return whyVoided(row);
  const status = row.status === 'pending' && row.expiresAt <= query.now ? 'expired' : row.status;
  if (status === 'expired' && row.kind === 'definition') return draftExpired;
  if (status !== 'pending') return closed[status];
  const subject = approvalSubject.parse(row.subject);
  const { viewer } = query;
  const verdict =
    subject.kind === 'definition'
      ? mayDecideDefinition({ rule, authorId: subject.authorId, viewerId: viewer.userId, members })
      : mayDecide({ kind: subject.kind, viewer, requesterId: requesterOf(row), members, decides: decidesOn(subject) });
  return verdict.may ? null : verdict.why;
}
