import type { RunEndReason } from '../runs/run-state.ts';
import {
  invalidDefinition,
  startStage,
  type Attempt,
  type NextStep,
  type PipelineHistory,
  type Stage,
} from './pipeline-history.ts';
import type { StageCause } from './stage-input.ts';
import type { StageOutcome } from './stage-outcome.ts';

type OutcomeOf<K extends StageOutcome['kind']> = Extract<StageOutcome, { kind: K }>;
type Route = NonNullable<Stage['onFail']>;
type Failure = { history: PipelineHistory; last: Attempt; stage: Stage };

/** How often a stage starts over by itself before a person is asked. */
const sandboxTries = 2;
const reviewerTries = 1;
const freshTries = 1;
const mergeResultTries = 1;
const staleTries = 3;

/** Where a failed attempt leads: back by its bounded route, once more, to a person, or to the end. */
export function failureStep(history: PipelineHistory, last: Attempt, outcome: StageOutcome): NextStep {
  const stage = history.definition.stages.find(({ name }) => name === last.stage);
  if (!stage) return invalidDefinition(`The pipeline has no stage “${last.stage}”.`);
  const failure = { history, last, stage };
  switch (outcome.kind) {
    case 'check':
      return stage.onFail ? afterCheck(failure, outcome) : afterPrepare(failure, outcome);
    case 'agent':
      return outcome.review ? afterReview(failure, outcome.review) : afterRun(failure, outcome);
    case 'approval':
      return afterApproval(failure, outcome);
    case 'merge':
      return afterMerge(failure, outcome);
  }
}

function afterPrepare({ history, last, stage }: Failure, outcome: OutcomeOf<'check'>): NextStep {
  const at = history.definition.stages.indexOf(stage);
  const following = history.definition.stages[at + 1];
  if (outcome.verdict === 'broken' || !following) {
    return escalate(last, { reason: 'environment_broken', detail: outcome.detail, retryStage: stage.name });
  }
  return escalate(last, { reason: 'base_tests_fail', detail: outcome.detail, retryStage: following.name });
}

function afterCheck({ history, last, stage }: Failure, outcome: OutcomeOf<'check'>): NextStep {
  if (outcome.verdict === 'broken') {
    return escalate(last, { reason: 'environment_broken', detail: outcome.detail, retryStage: stage.name });
  }
  const route = stage.onFail as Route;
  const before = history.attempts.findLast(({ id, stage: name }) => name === stage.name && id !== last.id);
  const previous = before?.outcome?.kind === 'check' ? before.outcome.failing : [];
  if (outcome.failing.length > 0 && sameSet(outcome.failing, previous)) {
    const detail = `The same tests fail a second time: ${listed(outcome.failing)}.`;
    return escalate(last, { reason: 'same_tests_fail', detail, retryStage: route.goTo });
  }
  if (routesTaken(history, (cause) => cause.from === 'check') >= route.atMost) {
    const detail = `The tests failed after ${route.atMost} corrections. ${outcome.detail}`;
    return escalate(last, { reason: 'tests_keep_failing', detail, retryStage: route.goTo });
  }
  return startStage(history, route.goTo, { from: 'check', attemptId: last.id, failing: outcome.failing });
}

function afterReview({ history, last, stage }: Failure, review: { id: string }): NextStep {
  const route = stage.onFail;
  if (!route || routesTaken(history, (cause) => cause.from === 'review') >= route.atMost) {
    const detail =
      'The reviewer still asks for changes and the rounds are used up: read the findings and the answers to them.';
    return escalate(last, { reason: 'review_rounds_used', detail, retryStage: route?.goTo ?? stage.name });
  }
  return startStage(history, route.goTo, { from: 'review', attemptId: last.id, reviewId: review.id });
}

/** Run ends by which a reviewer simply came to no decision: somebody else may. */
const undecided: readonly RunEndReason[] = [
  'run_time_exhausted',
  'cost_exhausted',
  'tokens_exhausted',
  'turn_limit',
  'no_handoff',
  'stuck',
  'blocked',
  'context_full',
];

function afterRun({ history, last, stage }: Failure, outcome: OutcomeOf<'agent'>): NextStep {
  const again = (reason: string) => startStage(history, stage.name, { from: 'again', attemptId: last.id, reason });
  const triedAgain = (reason: string) =>
    history.attempts.filter(
      ({ stage: name, cause }) => name === stage.name && cause.from === 'again' && cause.reason === reason,
    ).length;

  if (outcome.reason === 'sandbox_lost' && triedAgain('sandbox_lost') < sandboxTries) return again('sandbox_lost');
  const reviews = stage.onFail !== null;
  if (reviews && undecided.includes(outcome.reason) && triedAgain('no_decision') < reviewerTries) {
    return again('no_decision');
  }
  if (!reviews && outcome.reason === 'stuck' && triedAgain('stuck') < freshTries) return again('stuck');
  return escalate(last, { reason: outcome.reason, detail: outcome.detail, retryStage: stage.name });
}

function afterApproval({ history, last, stage }: Failure, outcome: OutcomeOf<'approval'>): NextStep {
  if (outcome.decision === 'voided') return verifyAgain({ history, last, stage }, outcome.reason);
  if (outcome.rework && stage.onFail && reworkLeft(history, stage.onFail)) {
    const { approvalId, reason: note } = outcome;
    return startStage(history, stage.onFail.goTo, { from: 'denial', attemptId: last.id, approvalId, note });
  }
  const detail = outcome.reason || 'A person denied the merge.';
  return { do: 'end', status: 'failed', outcome: { reason: 'merge_denied', detail } };
}

/** Whether a denied merge may still be sent back. */
export function reworkLeft({ attempts }: Pick<PipelineHistory, 'attempts'>, route: Route): boolean {
  return routesTaken({ attempts }, (cause) => cause.from === 'denial') < route.atMost;
}

function afterMerge({ history, last, stage }: Failure, outcome: OutcomeOf<'merge'>): NextStep {
  const { detail } = outcome;
  if (outcome.result === 'stale') return verifyAgain({ history, last, stage }, detail);
  const route = stage.onFail;
  if (!route || outcome.result === 'refused' || outcome.result === 'broken' || outcome.result === 'merged') {
    const reason = outcome.result === 'broken' ? 'environment_broken' : 'merge_refused';
    return escalate(last, { reason, detail, retryStage: stage.name });
  }
  const problem = outcome.result;
  const limit = problem === 'conflict' ? route.atMost : Math.min(mergeResultTries, route.atMost);
  if (routesTaken(history, (cause) => cause.from === 'merge' && cause.problem === problem) >= limit) {
    return escalate(last, { reason: `merge_${problem}`, detail, retryStage: route.goTo });
  }
  const paths = problem === 'conflict' ? outcome.paths : outcome.failing;
  return startStage(history, route.goTo, {
    from: 'merge',
    attemptId: last.id,
    problem,
    detail,
    paths,
    target: outcome.target,
  });
}

/** What was approved is no longer what would be merged: check it again, and everything after that too. */
function verifyAgain({ history, last, stage }: Failure, detail: string): NextStep {
  const { stages } = history.definition;
  const at = stages.indexOf(stage);
  const check = stages.findLast(({ kind, onFail }, n) => n < at && kind === 'check' && onFail !== null) ?? stage;
  const tries = history.attempts.filter(({ cause }) => cause.from === 'merge' && cause.problem === 'stale').length;
  if (tries >= staleTries) return escalate(last, { reason: 'merge_stale', detail, retryStage: check.name });
  const cause: StageCause = { from: 'merge', attemptId: last.id, problem: 'stale', detail, paths: [], target: null };
  return startStage(history, check.name, cause);
}

function routesTaken({ attempts }: Pick<PipelineHistory, 'attempts'>, by: (cause: StageCause) => boolean): number {
  return attempts.filter(({ cause }) => by(cause)).length;
}

function escalate(last: Attempt, what: { reason: string; detail: string; retryStage: string }): NextStep {
  return { do: 'escalate', attemptId: last.id, ...what };
}

function sameSet(a: string[], b: string[]): boolean {
  return JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted());
}

function listed(names: string[]): string {
  const shown = names.slice(0, 5).map((name) => `“${name}”`);
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}
