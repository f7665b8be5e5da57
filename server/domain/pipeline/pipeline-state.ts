import { z } from 'zod';

export const pipelineRunStatuses = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'stopped'] as const;
export type PipelineRunStatus = (typeof pipelineRunStatuses)[number];

/** `waiting` is for a person: an approval, an answer, an escalation. */
const pipelineRunMoves = {
  queued: ['running', 'waiting', 'failed', 'stopped'],
  running: ['running', 'waiting', 'succeeded', 'failed', 'stopped'],
  waiting: ['running', 'waiting', 'failed', 'stopped'],
  succeeded: [],
  failed: [],
  stopped: [],
} as const satisfies Record<PipelineRunStatus, readonly PipelineRunStatus[]>;

export function pipelineRunStatusesBefore(to: PipelineRunStatus): PipelineRunStatus[] {
  return pipelineRunStatuses.filter((from) => (pipelineRunMoves[from] as readonly PipelineRunStatus[]).includes(to));
}

export function isPipelineRunOver(status: PipelineRunStatus): boolean {
  return pipelineRunMoves[status].length === 0;
}

export const stageStatuses = ['queued', 'running', 'waiting', 'passed', 'failed', 'stopped'] as const;
export type StageStatus = (typeof stageStatuses)[number];

/** An attempt that ends never opens again: rework is another attempt. */
const stageMoves = {
  queued: ['running', 'waiting', 'passed', 'failed', 'stopped'],
  running: ['queued', 'waiting', 'passed', 'failed', 'stopped'],
  waiting: ['queued', 'running', 'passed', 'failed', 'stopped'],
  passed: [],
  failed: [],
  stopped: [],
} as const satisfies Record<StageStatus, readonly StageStatus[]>;

export function stageStatusesBefore(to: StageStatus): StageStatus[] {
  return stageStatuses.filter((from) => (stageMoves[from] as readonly StageStatus[]).includes(to));
}

export function isStageOver(status: StageStatus): boolean {
  return stageMoves[status].length === 0;
}

/** Why a pipeline run ended; pages switch on `reason` and show `detail`. */
const pipelineEndReasons = [
  'merged',
  'merge_denied',
  'closed_by_person',
  'stopped_by_person',
  'definition_invalid',
  'internal_error',
] as const;
export const pipelineOutcome = z.object({ reason: z.enum(pipelineEndReasons), detail: z.string() });
export type PipelineOutcome = z.infer<typeof pipelineOutcome>;
