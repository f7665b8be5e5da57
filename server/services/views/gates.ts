import type { ApprovalView, CheckView, GateView, ReviewView } from '../../domain/views/views.ts';

type Facts = { head: string | null; checks: CheckView[]; reviews: ReviewView[]; approvals: ApprovalView[] };

/** What must be true of the very commit that is to be merged, each with its proof. Later facts outweigh earlier ones. */
export function gatesOf({ head, checks, reviews, approvals }: Facts): GateView[] {
  return [checked(head, checks), reviewed(head, reviews), approved(head, approvals)];
}

function checked(head: string | null, checks: CheckView[]): GateView {
  const name = 'Tests pass on this commit';
  const check = checks.filter(({ commit }) => commit === head).at(-1);
  if (check === undefined) return { name, passed: false, proof: 'Not run on this commit yet' };
  const tests = check.evidence.tests;
  const figures =
    tests === null
      ? `exit code ${check.evidence.exitCode ?? 'none'}`
      : `${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`;
  return { name, passed: check.verdict === 'passed', proof: `${figures} on ${short(check.commit)}` };
}

function reviewed(head: string | null, reviews: ReviewView[]): GateView {
  const name = 'A reviewer approves this commit';
  const review = reviews.filter(({ commit }) => commit === head).at(-1);
  if (review === undefined) return { name, passed: false, proof: 'Not reviewed on this commit yet' };
  const said = review.verdict === 'approve' ? 'approved' : 'asked for changes on';
  return { name, passed: review.verdict === 'approve', proof: `${review.agent} ${said} ${short(review.commit)}` };
}

function approved(head: string | null, approvals: ApprovalView[]): GateView {
  const name = 'A person approves the merge';
  const approval = approvals.filter(({ subject }) => subject.kind === 'merge' && subject.head === head).at(-1);
  if (approval === undefined) return { name, passed: false, proof: 'Not asked yet' };
  const vote = approval.votes.at(-1);
  if (approval.status !== 'approved' || vote === undefined) {
    return { name, passed: false, proof: approval.status === 'pending' ? 'Waiting for a person' : approval.status };
  }
  const self = approval.selfApproved ? ', self-approved' : '';
  return { name, passed: true, proof: `${vote.by} at ${vote.at}${self}` };
}

function short(commit: string): string {
  return commit.slice(0, 10);
}
