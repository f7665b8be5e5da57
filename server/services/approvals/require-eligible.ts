import type { OrgTx } from '../../db/connect.ts';
import { answersNeeded } from '../../domain/approval/decided-by.ts';
import { mayDecide, mayDecideDefinition } from '../../domain/approval/eligible.ts';
import { decidesOn, type ApprovalSubject } from '../../domain/approval/subject.ts';
import { AppError } from '../../domain/errors.ts';
import { readApprovalRule, readApprovers } from '../policy/approval-rule.ts';

type Asked = {
  orgId: string;
  userId: string;
  row: { quorum: number; pipelineRunId: string | null };
  subject: ApprovalSubject;
};
type Eligible = { selfApproval: boolean; /** How many people have to say yes. */ needed: number };

/** Throws `forbidden` where this person may not decide, with why, and `not_found` to whoever is no member. */
export async function requireEligible(tx: OrgTx, asked: Asked): Promise<Eligible> {
  const { orgId, userId, row, subject } = asked;
  const members = await readApprovers(tx, orgId);
  const viewer = members.find((member) => member.userId === userId);
  if (!viewer) throw new AppError('not_found', 'There is no such approval.');
  const decides = decidesOn(subject);
  const answer =
    subject.kind === 'definition'
      ? mayDecideDefinition({
          rule: await readApprovalRule(tx, orgId),
          authorId: subject.authorId,
          viewerId: userId,
          members,
        })
      : mayDecide({ kind: subject.kind, viewer, requesterId: await requesterOf(tx, asked), members, decides });
  if (!answer.may) throw new AppError('forbidden', answer.why);
  const needed = decides ? Math.min(row.quorum, answersNeeded(decides, members)) : row.quorum;
  return { selfApproval: answer.selfApproval, needed };
}

async function requesterOf(tx: OrgTx, { orgId, row: { pipelineRunId: id } }: Asked): Promise<string> {
  if (id === null) throw new Error('an approval of this kind belongs to a task');
  const { task } = await tx.pipelineRun.findUniqueOrThrow({
    where: { orgId_id: { orgId, id } },
    include: { task: true },
  });
  return task.requesterId;
}
