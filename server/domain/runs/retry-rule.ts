import { isRunOver, type RunStatus } from './run-state.ts';

export type RetryFacts = {
  status: RunStatus;
  /** Its pipeline run is over. */
  taskOver: boolean;
  /** Nothing was started in its pipeline run after it. */
  last: boolean;
  /** A person wants it stopped, and nobody has obeyed yet. */
  stopping: boolean;
};

/** Why another run may not go on from a turn of this one, in words; null where one may. */
export function whyNotRetry({ status, taskOver, last, stopping }: RetryFacts): string | null {
  if (taskOver) return 'The task is over. File it anew.';
  if (!last) return 'The task has gone on since this run. Go on from the newest one.';
  if (stopping) return 'A person has asked for this run to be stopped.';
  if (status === 'succeeded') return 'This run has done its part: the next stage is on its way.';
  if (status === 'waiting' || isRunOver(status)) return null;
  return 'This run is at work. Pause it first.';
}
