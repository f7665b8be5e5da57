import { can, type OrgRole } from '../authz/scopes.ts';
import type { ApprovalSubject } from './subject.ts';

export type Person = { userId: string; role: OrgRole };

export type Eligibility = { may: true; selfApproval: boolean } | { may: false; why: string };

/**
 * Whether a person may decide. A merge needs somebody other than the requester wherever another member may decide;
 * a question or an escalation may also be answered by the person who filed the task.
 */
export function mayDecide(question: {
  kind: ApprovalSubject['kind'];
  viewer: Person;
  requesterId: string;
  members: Person[];
}): Eligibility {
  const { kind, viewer, requesterId, members } = question;
  const isRequester = viewer.userId === requesterId;
  const entitled = can(viewer.role, 'approvals:decide');
  if (kind === 'budget' && !entitled) {
    return { may: false, why: 'Only an owner, admin, maintainer or approver can raise a budget.' };
  }
  if (kind !== 'merge') {
    if (entitled || isRequester) return { may: true, selfApproval: false };
    return { may: false, why: 'Only the person who filed the task, an approver or a maintainer can answer.' };
  }
  if (!entitled) return { may: false, why: 'Only an owner, admin, maintainer or approver can approve a merge.' };
  const others = members.some(({ userId, role }) => userId !== requesterId && can(role, 'approvals:decide'));
  if (isRequester && others) {
    return { may: false, why: 'You filed this task, so somebody else has to approve the merge.' };
  }
  return { may: true, selfApproval: isRequester };
}
