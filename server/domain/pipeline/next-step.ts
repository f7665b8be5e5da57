import { failureStep } from './failure-step.ts';
import {
  invalidDefinition,
  startStage,
  type Attempt,
  type NextStep,
  type PipelineHistory,
} from './pipeline-history.ts';
import { isStageOver } from './pipeline-state.ts';
import type { StageOutcome } from './stage-outcome.ts';

/** What happens next in a pipeline run: a pure function of its definition and its attempts so far. */
export function nextStep(history: PipelineHistory): NextStep {
  const { definition, attempts } = history;
  const first = definition.stages[0];
  if (!first) return invalidDefinition('The pipeline has no stages.');
  const last = attempts.at(-1);
  if (!last) return startStage(history, first.name, { from: 'order' });
  if (!isStageOver(last.status) || !last.outcome) return { do: 'wait' };
  if (last.status === 'stopped') return stopped(last.outcome);
  if (last.status === 'failed') return afterFailure(history, last, last.outcome);

  const at = definition.stages.findIndex(({ name }) => name === last.stage);
  if (at < 0) return invalidDefinition(`The pipeline has no stage “${last.stage}”.`);
  const following = definition.stages[at + 1];
  if (following) return startStage(history, following.name, { from: 'order' });
  return { do: 'end', status: 'succeeded', outcome: { reason: 'merged', detail: 'The change is merged.' } };
}

function afterFailure(history: PipelineHistory, last: Attempt, outcome: StageOutcome): NextStep {
  const asked = history.escalations.findLast(({ attemptId }) => attemptId === last.id);
  if (!asked) return failureStep(history, last, outcome);
  switch (asked.status) {
    case 'pending':
      return { do: 'wait' };
    case 'denied':
      return {
        do: 'end',
        status: 'failed',
        outcome: { reason: 'closed_by_person', detail: asked.note || 'A person closed it after it needed help.' },
      };
    case 'approved':
      return startStage(history, asked.retryStage, {
        from: 'person',
        attemptId: last.id,
        approvalId: asked.approvalId,
        reason: asked.reason,
        note: asked.note,
      });
  }
}

function stopped(outcome: StageOutcome): NextStep {
  const detail = 'detail' in outcome && outcome.detail ? outcome.detail : 'Stopped by a person.';
  return { do: 'end', status: 'stopped', outcome: { reason: 'stopped_by_person', detail } };
}
