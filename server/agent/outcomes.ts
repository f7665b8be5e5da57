import type { ModelFault } from '../domain/ports/model.ts';
import type { RunOutcome } from '../domain/runs/run-state.ts';
import type { Stuck } from '../domain/stuck/stuck.ts';
import type { Transcript } from '../domain/transcript/transcript.ts';
import { remainingMillis, type BudgetState } from '../domain/budget/budget.ts';
import type { interruptionOf } from './interruption.ts';

/** Replies without a tool call before a run ends: one slip and one reminder each are forgiven. */
export const mostSilentReplies = 3;

const dollars = (micros: number) => `$${(micros / 1_000_000).toFixed(2)}`;

export function tokensExhausted({ tokensLeft, tokensOf }: BudgetState): RunOutcome {
  const left = Math.max(0, tokensLeft ?? 0);
  const detail = `${left} tokens are left under ${tokensOf}, which does not cover another reply. Raise the token limit under Settings, Budgets, then start the stage again.`;
  return { reason: 'tokens_exhausted', detail };
}

export function costExhausted({ costMicros, costLimitMicros, tightest }: BudgetState): RunOutcome {
  if (tightest !== null) {
    const detail = `This run spent ${dollars(costMicros)}; ${tightest} does not cover another reply. Raise it under Settings, Budgets, then start the stage again.`;
    return { reason: 'cost_exhausted', detail };
  }
  const detail =
    `${dollars(costMicros)} of ${dollars(costLimitMicros)} is spent and the rest does not cover another reply in the worst ` +
    'case. Start the stage again with a higher limit, or take the branch over.';
  return { reason: 'cost_exhausted', detail };
}

/** What an interruption means for the run; null when only the slice ends. */
export function interruptedOutcome(
  cause: NonNullable<ReturnType<typeof interruptionOf>>,
  budget: BudgetState,
): RunOutcome | null {
  if (cause.kind === 'draining') return null;
  if (cause.kind === 'stopped') return { reason: cause.reason, detail: cause.detail };
  if (cause.kind === 'time_used') return timeExhausted(budget);
  return budget.tokensLeft !== null && budget.tokensLeft < 0 ? tokensExhausted(budget) : costExhausted(budget);
}

function timeExhausted({ seconds: limit, tightest }: BudgetState): RunOutcome {
  if (tightest !== null) {
    const detail = `The run-time of ${tightest} is used up and the run was stopped. Raise it under Settings, Budgets, then start the stage again.`;
    return { reason: 'run_time_exhausted', detail };
  }
  const seconds = Math.round(limit);
  return {
    reason: 'run_time_exhausted',
    detail: `The run used its ${seconds} s of run-time and was stopped. Start the stage again with more time, or take the branch over.`,
  };
}

/** A result, a limit or a reply after which the model is not called again; null to go on. */
export function outcomeOf(transcript: Transcript, budget: BudgetState): RunOutcome | null {
  const { ended, concluded, lastStop, silentReplies } = transcript;
  if (ended) return ended;
  if (concluded === 'decided') return { reason: concluded, detail: 'The reviewer decided on the commit.' };
  if (concluded === 'reported') return { reason: concluded, detail: 'The helper answered.' };
  if (concluded) return { reason: concluded, detail: 'The change was handed over.' };
  if (lastStop === 'refusal') {
    return {
      reason: 'model_refused',
      detail: 'The model declined to go on with this task. Reword the task or do it by hand.',
    };
  }
  if (silentReplies >= mostSilentReplies) {
    const detail = `The agent answered ${silentReplies} times in a row without calling a tool and handed nothing over.`;
    return { reason: 'no_handoff', detail };
  }
  if (remainingMillis(budget) === 0) return timeExhausted(budget);
  if (budget.turnsUsed >= budget.turns) {
    return {
      reason: 'turn_limit',
      detail: `The run took its ${budget.turns} turns without handing over. Split the task into smaller ones.`,
    };
  }
  return null;
}

export const contextFull: RunOutcome = {
  reason: 'context_full',
  detail:
    "The conversation no longer fits into the model's context window, not even as a summary. Split the task into smaller ones.",
};

/** Told once, the agent went on in the same way. */
export function stuckOutcome({ words }: Stuck): RunOutcome {
  const detail = `The agent was stuck and was told so, and went on: ${words} Steer it, split the task, or take the branch over.`;
  return { reason: 'stuck', detail };
}

/** Model faults that waiting does not mend, each with what a person must do. */
export const fatalFaults: { [F in ModelFault]: ((message: string) => RunOutcome) | null } = {
  key_rejected: (message) => ({
    reason: 'model_key_rejected',
    detail: `The model provider refuses the key (${message}). Save a valid key under Settings, Model, then start the stage again.`,
  }),
  key_exhausted: (message) => ({
    reason: 'model_key_exhausted',
    detail: `The account behind the model key has no credit left (${message}). Add credit or save another key under Settings, Model, then start the stage again.`,
  }),
  too_long: () => contextFull,
  bad_request: (message) => ({
    reason: 'model_unavailable',
    detail: `The model provider refuses the request (${message}). Check the model's name under Settings, Model, then start the stage again.`,
  }),
  off_script: () => ({
    reason: 'model_unavailable',
    detail:
      'The scripted model knows the sample task step by step, and this run has left its script. Save a model key under Settings, Model, then start the stage again.',
  }),
  rate_limited: null,
  overloaded: null,
  network: null,
  interrupted: null,
};

export function modelUnavailable(fault: ModelFault, message: string, failures: number): RunOutcome {
  const what =
    { rate_limited: 'limits the rate of calls', overloaded: 'is overloaded' }[fault as string] ?? 'does not answer';
  const detail = `The model provider ${what}: ${failures} calls in a row failed, the last with "${message}". Start the stage again later.`;
  return { reason: 'model_unavailable', detail };
}
