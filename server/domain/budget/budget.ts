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
};

/** From here on the agent is told to save, summarise and hand over. */
const landingAt = 0.85;

/** A reply shorter than this is not worth asking for: it could not hold a tool call. */
const leastReply = 1024;

export function remainingMicros({ costLimitMicros, costMicros }: BudgetState): number {
  return Math.max(0, costLimitMicros - costMicros);
}

export function remainingMillis({ seconds, millisUsed }: BudgetState): number {
  return Math.max(0, seconds * 1000 - millisUsed);
}

/**
 * True once 85 % of the seconds, the money or the turns are used, and when the money left does not cover the next call and
 * one more in the worst case: a long conversation can come to its end well before 85 %.
 */
export function landingDue(state: BudgetState, nextCallMicros: number): boolean {
  return (
    state.millisUsed >= state.seconds * 1000 * landingAt ||
    state.costMicros >= state.costLimitMicros * landingAt ||
    remainingMicros(state) < 2 * nextCallMicros ||
    state.turnsUsed >= Math.floor(state.turns * landingAt)
  );
}

export type Reservation = { maxTokens: number; reservedMicros: number };

/**
 * The longest reply that the remaining money covers even in the worst case, and that worst case in µ$. Null when not
 * even a short reply is covered. `promptTokens` is an upper bound.
 */
export function reserve(ask: {
  prices: readonly PriceRow[];
  promptTokens: number;
  maxTokens: number;
  remainingMicros: number;
}): Reservation | null {
  const worst = (maxTokens: number) => worstCaseMicros(ask.prices, { promptTokens: ask.promptTokens, maxTokens });
  const least = Math.min(leastReply, ask.maxTokens);
  if (worst(least) > ask.remainingMicros) return null;
  let covered = least;
  let above = ask.maxTokens + 1;
  while (above - covered > 1) {
    const middle = Math.floor((covered + above) / 2);
    if (worst(middle) <= ask.remainingMicros) covered = middle;
    else above = middle;
  }
  return { maxTokens: covered, reservedMicros: worst(covered) };
}

/** No more tokens than bytes: every token stands for at least one. `blocks` adds what the provider wraps round each. */
export function promptTokensAtMost({ bytes, blocks }: { bytes: number; blocks: number }): number {
  return bytes + blocks * 16 + 1024;
}
