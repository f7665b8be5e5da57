import type { PipelineDefinition } from './definition.ts';
import type { PipelineOutcome, StageStatus } from './pipeline-state.ts';
import type { StageCause } from './stage-input.ts';
import type { StageOutcome } from './stage-outcome.ts';

export type Stage = PipelineDefinition['stages'][number];

/** A stage attempt as the decision needs it. `outcome` is set exactly when the attempt is over. */
export type Attempt = {
  id: string;
  stage: string;
  attempt: number;
  status: StageStatus;
  cause: StageCause;
  outcome: StageOutcome | null;
};

/** What a person said to an escalation of the attempt. */
export type Escalation = {
  approvalId: string;
  attemptId: string;
  status: 'pending' | 'approved' | 'denied';
  reason: string;
  retryStage: string;
  note: string;
};

export type NextStep =
  | { do: 'start'; stage: Stage; attempt: number; cause: StageCause }
  | { do: 'wait' }
  | { do: 'escalate'; attemptId: string; reason: string; detail: string; retryStage: string }
  | { do: 'end'; status: 'succeeded' | 'failed' | 'stopped'; outcome: PipelineOutcome };

/** Everything the decision looks at. Attempts and escalations in the order they were made. */
export type PipelineHistory = { definition: PipelineDefinition; attempts: Attempt[]; escalations: Escalation[] };

/** The next attempt of a stage; numbers count per stage, from 1. */
export function startStage({ definition, attempts }: PipelineHistory, name: string, cause: StageCause): NextStep {
  const stage = definition.stages.find((candidate) => candidate.name === name);
  if (!stage) return invalidDefinition(`The pipeline has no stage “${name}”.`);
  const attempt = attempts.filter((made) => made.stage === name).length + 1;
  return { do: 'start', stage, attempt, cause };
}

/** The end of a pipeline run whose definition names what it does not have. */
export function invalidDefinition(detail: string): NextStep {
  return { do: 'end', status: 'failed', outcome: { reason: 'definition_invalid', detail } };
}
