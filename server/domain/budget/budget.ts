import { budgetWords, type LedgerLeft } from './ledger.ts';
import { worstCaseMicros } from '../prices/cost.ts';
import type { PriceRow } from '../prices/price.ts';

/** What a run may use and has used. Seconds of waiting for a person are in neither. */
export type BudgetState = {
  seconds: number;
  millisUsed: number;
  costLimitMicros: number;
  costMicros: number;
  turns: number;
  turnsUsed: number;
  /** Part of the money that only landing may use; 0 once the agent has been told to land. */
  keptMicros: number;
  /** Prompt and reply tokens so far, cached or not. */
  tokensUsed: number;
  /** Tokens that may still be used, null without a limit; `tokensOf` is the account that says so, in words. */
  tokensLeft: number | null;
  tokensOf: string | null;
  /** As `keptMicros`, of the tokens. */
  keptTokens: number;
  /** The account that leaves the least money, where it is not the run's own; in words. */
  tightest: string | null;
};

type OwnBudget = Omit<BudgetState, 'keptMicros' | 'keptTokens' | 'tokensLeft' | 'tokensOf' | 'tightest'>;

/** A run's own budget, narrowed to what the accounts above it leave. */
export function narrowed(own: OwnBudget, left: LedgerLeft, landing: boolean): BudgetState {
  const micros = left.micros ?? Number.POSITIVE_INFINITY;
  const millis = left.millis ?? Number.POSITIVE_INFINITY;
  const costLimitMicros = Math.min(own.costLimitMicros, own.costMicros + Math.max(0, micros));
  const seconds = Math.min(own.seconds, (own.millisUsed + Math.max(0, millis)) / 1000);
  const above = costLimitMicros < own.costLimitMicros ? left.microsOf : seconds < own.seconds ? left.millisOf : null;
  return {
    ...own,
    costLimitMicros,
    seconds,
    keptMicros: landing ? 0 : left.landing,
    tokensLeft: left.tokens,
    tokensOf: left.tokens === null ? null : budgetWords(left.tokensOf ?? 'run total'),
    keptTokens: landing ? 0 : left.landingTokens,
    tightest: above === null ? null : budgetWords(above),
  };
}

/** From here on the agent is told to save, summarise and hand over. */
const landingAt = 0.85;

/** A reply shorter than this is not worth asking for: it could not hold a tool call. */
const leastReply = 1024;

export function remainingMicros({ costLimitMicros, costMicros }: BudgetState): number {
  return Math.max(0, costLimitMicros - costMicros);
}

/** What the next model call may cost: before landing, what is kept back for it stays. */
export function callableMicros(state: BudgetState): number {
  return Math.max(0, remainingMicros(state) - state.keptMicros);
}

/** Tokens that the next model call may use, null without a limit: before landing, what is kept back for it stays. */
export function callableTokens({ tokensLeft, keptTokens }: BudgetState): number | null {
  return tokensLeft === null ? null : Math.max(0, tokensLeft - keptTokens);
}

export function remainingMillis({ seconds, millisUsed }: BudgetState): number {
  return Math.max(0, seconds * 1000 - millisUsed);
}

/** What the next model call may use at most. */
export type NextCall = { micros: number; tokens: number };

/**
 * True once 85 % of the seconds, the money, the tokens or the turns are used, and when the money or the tokens left do not
 * cover the next call and one more in the worst case: a long conversation can come to its end well before 85 %.
 */
export function landingDue(state: BudgetState, next: NextCall): boolean {
  return (
    state.millisUsed >= state.seconds * 1000 * landingAt ||
    state.costMicros >= state.costLimitMicros * landingAt ||
    callableMicros(state) < 2 * next.micros ||
    tokensRunOut(state, next.tokens) ||
    state.turnsUsed >= Math.floor(state.turns * landingAt)
  );
}

function tokensRunOut(state: BudgetState, nextTokens: number): boolean {
  const callable = callableTokens(state);
  if (callable === null || state.tokensLeft === null) return false;
  const limit = state.tokensUsed + Math.max(0, state.tokensLeft);
  return state.tokensUsed >= limit * landingAt || callable < 2 * nextTokens;
}

export type Reservation = { maxTokens: number; reservedMicros: number; reservedTokens: number };

/**
 * The longest reply that the remaining money covers even in the worst case, and that worst case in µ$. Null when not
 * even a short reply is covered. `promptTokens` is an upper bound.
 */
export function reserve(ask: {
  prices: readonly PriceRow[];
  promptTokens: number;
  maxTokens: number;
  remainingMicros: number;
  /** Null without a limit. */
  remainingTokens?: number | null;
}): Reservation | null {
  const worst = (maxTokens: number) => worstCaseMicros(ask.prices, { promptTokens: ask.promptTokens, maxTokens });
  const most = Math.min(ask.maxTokens, (ask.remainingTokens ?? Number.POSITIVE_INFINITY) - ask.promptTokens);
  const least = Math.min(leastReply, ask.maxTokens);
  if (most < least || worst(least) > ask.remainingMicros) return null;
  let covered = least;
  let above = most + 1;
  while (above - covered > 1) {
    const middle = Math.floor((covered + above) / 2);
    if (worst(middle) <= ask.remainingMicros) covered = middle;
    else above = middle;
  }
  return { maxTokens: covered, reservedMicros: worst(covered), reservedTokens: ask.promptTokens + covered };
}

/** No more tokens than bytes: every token stands for at least one. `blocks` adds what the provider wraps round each. */
export function promptTokensAtMost({ bytes, blocks }: { bytes: number; blocks: number }): number {
  return bytes + blocks * 16 + 1024;
}
