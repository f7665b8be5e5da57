import { z } from 'zod';

export const runStatuses = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'stopped'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Which statuses a run may move to. `waiting` is for a person's answer; a slice that ends goes back to `queued`. */
const runMoves = {
  queued: ['running', 'failed', 'stopped'],
  running: ['queued', 'waiting', 'succeeded', 'failed', 'stopped'],
  waiting: ['queued', 'failed', 'stopped'],
  succeeded: [],
  failed: [],
  stopped: [],
} as const satisfies Record<RunStatus, readonly RunStatus[]>;

/** The statuses from which `to` can be reached: the `where` clause of a compare-and-set. */
export function runStatusesBefore(to: RunStatus): RunStatus[] {
  return runStatuses.filter((from) => (runMoves[from] as readonly RunStatus[]).includes(to));
}

export function isRunOver(status: RunStatus): boolean {
  return runMoves[status].length === 0;
}

/** Why a run ended; `reason` is the code a page switches on, `detail` a sentence for a person. */
export const runEndReasons = [
  'handed_off',
  'decided',
  /** A helper answered the run that asked for it. */
  'reported',
  'blocked',
  'run_time_exhausted',
  'cost_exhausted',
  'tokens_exhausted',
  'turn_limit',
  'model_refused',
  'model_key_rejected',
  'model_key_exhausted',
  'model_unavailable',
  'context_full',
  'no_handoff',
  'stuck',
  'not_allowed',
  'stopped_by_person',
  /** A person had another run go on from one of its turns. */
  'retried',
  'sandbox_lost',
  'internal_error',
] as const;
export type RunEndReason = (typeof runEndReasons)[number];

export const runOutcome = z.object({ reason: z.enum(runEndReasons), detail: z.string() });
export type RunOutcome = z.infer<typeof runOutcome>;

/** What a non-terminal run, attempt or pipeline run waits for, in words a page shows as they stand. */
export const waits = z.object({
  /** e.g. "approval of the merge", "a place: 20 of 20 runs of this org are being worked on" */
  for: z.string(),
  /** ISO 8601 UTC */
  since: z.string(),
  /** e.g. "a person decides on the approval page", "the next sweep, within a minute" */
  wakes: z.string(),
  /** id of the thing waited for, where there is one */
  ref: z.string().nullable(),
  /** ISO 8601 UTC; set where the wait is for a time: before it the sweep leaves the run alone */
  until: z.string().optional(),
});
export type Waits = z.infer<typeof waits>;
