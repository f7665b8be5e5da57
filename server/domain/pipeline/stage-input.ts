import { z } from 'zod';

/** Why an attempt was started: what the agent is told, and what bounds the failure routes. */
const stageCause = z.discriminatedUnion('from', [
  /** In order: the first stage, or the stage before passed. */
  z.object({ from: z.literal('order') }),
  z.object({ from: z.literal('check'), attemptId: z.string(), failing: z.array(z.string()) }),
  z.object({ from: z.literal('review'), attemptId: z.string(), reviewId: z.string() }),
  /** A person denied the merge and sent the change back; `note` is what he or she said. */
  z.object({ from: z.literal('denial'), attemptId: z.string(), approvalId: z.string(), note: z.string() }),
  z.object({
    from: z.literal('merge'),
    attemptId: z.string(),
    problem: z.enum(['conflict', 'tests_failed', 'stale']),
    detail: z.string(),
    paths: z.array(z.string()),
    /** Where the default branch stood: a conflict is worked on from there. */
    target: z.string().nullable(),
  }),
  /** A person had a run's work done again from a turn on: its log up to and with `seq`, its work tree as `commit`. */
  z.object({
    from: z.literal('turn'),
    attemptId: z.string(),
    runId: z.string(),
    turn: z.int(),
    seq: z.int(),
    commit: z.string(),
    note: z.string(),
  }),
  /** A run asked for a helper: `parent` is that run. */
  z.object({ from: z.literal('delegate'), parent: z.string(), callId: z.string(), question: z.string() }),
  /** The same stage once more, without anybody's fault: a lost sandbox, a reviewer without a decision. */
  z.object({ from: z.literal('again'), attemptId: z.string(), reason: z.string() }),
  /** A person approved one more round after an escalation; `note` is what he or she said. */
  z.object({
    from: z.literal('person'),
    attemptId: z.string(),
    approvalId: z.string(),
    reason: z.string(),
    note: z.string(),
  }),
]);
export type StageCause = z.infer<typeof stageCause>;

/** What a stage attempt starts from. `head` is null until something was handed off. */
export const stageInput = z.object({
  cause: stageCause,
  /** What the change is compared with. */
  base: z.string(),
  head: z.string().nullable(),
  /** The commit the work tree starts from and the next commit stands on. */
  start: z.string(),
});
export type StageInput = z.infer<typeof stageInput>;

/** After a conflict the work starts over on the default branch, and what was done so far is brought there. */
export function startsOver({ base, head, start }: StageInput): boolean {
  return head !== null && start === base && start !== head;
}

type Commits = { base: string; head: string | null };

/**
 * The input of a new attempt. `before` is the input of the attempt that the cause names, where that was one of the same
 * stage: another try starts where the first one did.
 */
export function inputOf(cause: StageCause, change: Commits, before: StageInput | null): StageInput {
  const { base, head } = change;
  if (cause.from === 'merge' && cause.problem === 'conflict' && cause.target) {
    return { cause, base: cause.target, head, start: cause.target };
  }
  // Its snapshot stands on the very commit that its attempt started from.
  if (before && cause.from === 'turn') return { ...before, cause };
  if (before && startsOver(before) && before.head === head) return { ...before, cause };
  return { cause, base, head, start: head ?? base };
}
