import { can, type OrgRole } from '../authz/scopes.ts';
import { approverWords, whoApproves, type ApprovalRule, type Approver } from '../policy/approval-rule.ts';
import { answersNeeded, deciderNames, whoMayAnswer, type DecidedBy } from './decided-by.ts';
import type { ApprovalSubject } from './subject.ts';

export type Person = { userId: string; role: OrgRole };

export type Eligibility = { may: true; selfApproval: boolean } | { may: false; why: string };

/**
 * Whether a person may decide. A merge needs somebody other than the requester wherever another member may decide;
 * a question or an escalation may also be answered by the person who filed the task.
 */
export function mayDecide(question: {
  kind: Exclude<ApprovalSubject['kind'], 'definition'>;
  viewer: Person;
  requesterId: string;
  members: Person[];
  /** Whom the policy wants to answer, where it says. */
  decides?: DecidedBy | undefined;
}): Eligibility {
  const { kind, viewer, requesterId, members, decides } = question;
  const isRequester = viewer.userId === requesterId;
  const entitled = can(viewer.role, 'approvals:decide');
  if (kind === 'budget' && !entitled) {
    return { may: false, why: 'Only an owner, admin, maintainer or approver can raise a budget.' };
  }
  if (decides && decides.who !== 'requester') return byPolicy({ ...question, decides });
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

type OfDefinition = {
  rule: ApprovalRule | null;
  authorId: string;
  viewerId: string;
  members: readonly Approver[];
};

/** Whether a person may decide on a version of a policy or role. `rule` is the one in force now. */
export function mayDecideDefinition({ rule, authorId, viewerId, members }: OfDefinition): Eligibility {
  if (viewerId === authorId)
    return { may: false, why: `You asked for this, so ${approverWords(rule)} has to approve it.` };
  const may = whoApproves({ rule, authorId, members }).some(({ userId }) => userId === viewerId);
  return may
    ? { may: true, selfApproval: false }
    : { may: false, why: `The policy leaves this to ${approverWords(rule)}.` };
}

type Asked = { viewer: Person; requesterId: string; members: Person[]; decides: DecidedBy };

/** Whom a rule names. The person who filed the task is one of them only where there are too few others. */
function byPolicy({ viewer, requesterId, members, decides }: Asked): Eligibility {
  const able = whoMayAnswer(decides, members);
  const rules = decides.rules.length > 0 ? ` (${decides.rules.join(', ')})` : '';
  if (!able.some(({ userId }) => userId === viewer.userId))
    return { may: false, why: `The policy${rules} leaves this to ${deciderNames[decides.who]}.` };
  const isRequester = viewer.userId === requesterId;
  const others = able.filter(({ userId }) => userId !== requesterId);
  if (isRequester && others.length >= answersNeeded(decides, members))
    return { may: false, why: `You filed this task, so somebody else has to answer: ${deciderNames[decides.who]}.` };
  return { may: true, selfApproval: isRequester };
}
