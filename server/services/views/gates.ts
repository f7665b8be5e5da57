import type { ApprovalView, CheckView, GateView, ReviewView } from '../../domain/views/views.ts';

type Facts = { head: string | null; checks: CheckView[]; reviews: ReviewView[]; approvals: ApprovalView[] };

/** What must be true of the very commit that is to be merged, each with its proof. Later facts outweigh earlier ones. */
export function gatesOf({ head, checks, reviews, approvals }: Facts): GateView[] {
  return [checked(head, checks), reviewed(head, reviews), approved(head, approvals)];
}

function checked(head: string | null, checks: CheckView[]): GateView {
  const name = 'Tests pass on this commit';
  const check = checks.filter(({ commit }) => commit === head).at(-1);
  if (check === undefined) return { name, passed: false, proof: 'Not run on this commit yet', at: null };
  const tests = check.evidence.tests;
  const figures =
    tests === null
      ? `exit code ${check.evidence.exitCode ?? 'none'}`
      : `${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`;
  return { name, passed: check.verdict === 'passed', proof: `${figures} on ${short(check.commit)}`, at: null };
}

function reviewed(head: string | null, reviews: ReviewView[]): GateView {
  const name = 'A reviewer approves this commit';
  const review = reviews.filter(({ commit }) => commit === head).at(-1);
  if (review === undefined) return { name, passed: false, proof: 'Not reviewed on this commit yet', at: null };
  const said = review.verdict === 'approve' ? 'approved' : 'asked for changes on';
  const proof = `${review.agent} ${said} ${short(review.commit)}`;
  return { name, passed: review.verdict === 'approve', proof, at: null };
}

function approved(head: string | null, approvals: ApprovalView[]): GateView {
  const name = 'A person approves the merge';
  const approval = approvals.filter(({ subject }) => subject.kind === 'merge' && subject.head === head).at(-1);
  if (approval === undefined) return { name, passed: false, proof: 'Not asked yet', at: null };
  const vote = approval.votes.at(-1);
  if (approval.status !== 'approved' || vote === undefined) {
    return { name, passed: false, proof: notApproved[approval.status], at: null };
  }
  const self = approval.selfApproved ? ', self-approved' : '';
  return { name, passed: true, proof: `${vote.by}${self}`, at: vote.at };
}

const notApproved: Record<ApprovalView['status'], string> = {
  pending: 'Waiting for a person',
  approved: 'Approved by nobody on record',
  denied: 'Denied',
  expired: 'Nobody decided in time; it is asked anew',
  voided: 'The question was withdrawn; it is asked anew',
};

function short(commit: string): string {
  return commit.slice(0, 10);
}
