import type { RunStatus } from '../../server/domain/runs/run-state.ts';
import type { ApprovalView, ChangeView, CheckView, ReviewView, StageView } from '../../server/domain/views/views.ts';
import type { Tone } from '../ui/mark.tsx';

/** A state as a page shows it: the tone gives icon and colour, the word is always there too. */
export type State = { tone: Tone; word: string };

export const runStates = {
  queued: { tone: 'waiting', word: 'Queued' },
  running: { tone: 'running', word: 'Running' },
  waiting: { tone: 'waiting', word: 'Waiting' },
  succeeded: { tone: 'good', word: 'Succeeded' },
  failed: { tone: 'bad', word: 'Failed' },
  stopped: { tone: 'stopped', word: 'Stopped' },
} as const satisfies Record<RunStatus, State>;

export const stageStates = {
  queued: { tone: 'waiting', word: 'Queued' },
  running: { tone: 'running', word: 'Running' },
  waiting: { tone: 'needs-you', word: 'Needs a person' },
  passed: { tone: 'good', word: 'Passed' },
  failed: { tone: 'bad', word: 'Failed' },
  stopped: { tone: 'stopped', word: 'Stopped' },
} as const satisfies Record<StageView['status'], State>;

export const changeStates = {
  open: { tone: 'running', word: 'Open' },
  merged: { tone: 'good', word: 'Merged' },
  closed: { tone: 'stopped', word: 'Closed' },
} as const satisfies Record<ChangeView['status'], State>;

export const checkStates = {
  passed: { tone: 'good', word: 'Passed' },
  failed: { tone: 'bad', word: 'Failed' },
  broken: { tone: 'doubtful', word: 'Could not run' },
} as const satisfies Record<CheckView['verdict'], State>;

export const reviewStates = {
  approve: { tone: 'good', word: 'Approved' },
  changes_requested: { tone: 'bad', word: 'Changes requested' },
} as const satisfies Record<ReviewView['verdict'], State>;

export const approvalStates = {
  pending: { tone: 'needs-you', word: 'Waiting for a decision' },
  approved: { tone: 'good', word: 'Approved' },
  denied: { tone: 'bad', word: 'Denied' },
  expired: { tone: 'stopped', word: 'Expired' },
  voided: { tone: 'stopped', word: 'Voided' },
} as const satisfies Record<ApprovalView['status'], State>;
