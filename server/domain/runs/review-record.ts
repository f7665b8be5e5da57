import { z } from 'zod';
import { finding, type ReviewDecision } from '../roles/role-body.ts';

/** A review as stored in `Review.findings`: every finding with the id by which the next hand-off answers it. */
export const reviewRecord = z.object({
  callId: z.string(),
  summary: z.string(),
  findings: z.array(finding.extend({ id: z.string() })),
  notReviewed: z.array(z.string()),
});
export type ReviewRecord = z.infer<typeof reviewRecord>;

/** Findings are numbered in order within the review's round: `R1-F2` is the second of the first round. */
export function recordedReview(callId: string, round: number, decision: ReviewDecision): ReviewRecord {
  return {
    callId,
    summary: decision.summary,
    findings: decision.findings.map((item, n) => ({ ...item, id: `R${round}-F${n + 1}` })),
    notReviewed: decision.notReviewed,
  };
}
