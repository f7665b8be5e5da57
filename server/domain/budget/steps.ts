import type { BudgetState } from './budget.ts';

const steps = [75, 50, 25] as const;

/** Of the seconds, the money, the tokens and the turns, the share that is used of whichever is used most. */
function shareUsed({ tokensUsed, tokensLeft, ...state }: BudgetState): number {
  const shares = [
    state.millisUsed / (state.seconds * 1000),
    state.costMicros / state.costLimitMicros,
    state.turnsUsed / state.turns,
    tokensLeft === null ? 0 : tokensUsed / (tokensUsed + Math.max(0, tokensLeft)),
  ];
  return Math.max(...shares.filter((share) => Number.isFinite(share)), 0);
}

/** The last step in percent that a run's use of its budget has passed; 0 before the first. */
export function budgetStep(state: BudgetState): number {
  const share = shareUsed(state) * 100;
  return steps.find((step) => share >= step) ?? 0;
}
