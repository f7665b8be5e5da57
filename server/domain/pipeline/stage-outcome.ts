import { z } from 'zod';
import { runEndReasons } from '../runs/run-state.ts';

/** The typed result of a stage attempt, stored in `StageAttempt.outcome`. Kinds and fields are only ever added. */
export const stageOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('agent'),
    reason: z.enum(runEndReasons),
    detail: z.string(),
    /** Set where the agent is a reviewer that decided. */
    review: z.object({ id: z.string(), verdict: z.enum(['approve', 'changes_requested']) }).nullable(),
  }),
  z.object({
    kind: z.literal('check'),
    verdict: z.enum(['passed', 'failed', 'broken']),
    detail: z.string(),
    checkResultId: z.string().nullable(),
    failing: z.array(z.string()),
    /** Blob with every test case of this commit as JSON: the next check's baseline. */
    casesBlobId: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('approval'),
    approvalId: z.string(),
    decision: z.enum(['approved', 'denied', 'voided']),
    reason: z.string(),
    /** Denied, and sent back to be reworked. */
    rework: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal('merge'),
    result: z.enum(['merged', 'conflict', 'tests_failed', 'stale', 'refused', 'broken']),
    detail: z.string(),
    /** The merge commit, where there is one. */
    commit: z.string().nullable(),
    paths: z.array(z.string()),
    failing: z.array(z.string()),
    /** Where the default branch stood when it was tried. */
    target: z.string().nullable(),
  }),
]);
export type StageOutcome = z.infer<typeof stageOutcome>;

/** Whether an outcome lets the pipeline go on to the stage after. */
export function outcomePasses(outcome: StageOutcome): boolean {
  switch (outcome.kind) {
    case 'agent':
      if (outcome.reason === 'reported') return true;
      return outcome.reason === 'handed_off' || (outcome.reason === 'decided' && outcome.review?.verdict === 'approve');
    case 'check':
      return outcome.verdict === 'passed';
    case 'approval':
      return outcome.decision === 'approved';
    case 'merge':
      return outcome.result === 'merged';
  }
}
