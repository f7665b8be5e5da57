import { AppError } from '../errors.ts';

/** The most that one limit may be: beyond it somebody has typed a digit too many. */
const mostMicros = 1_000_000_000_000;
const mostSeconds = 100_000_000;
const mostTokens = 1_000_000_000_000;

export type Amounts = { micros: number | null; tokens: number | null; seconds: number | null };

type Kind = { name: string; most: number; say: (value: number) => string };

const kinds: Record<keyof Amounts, Kind> = {
  micros: { name: 'The money', most: mostMicros, say: (value) => `$${(value / 1_000_000).toFixed(2)}` },
  tokens: { name: 'The number of tokens', most: mostTokens, say: (value) => `${value} tokens` },
  seconds: { name: 'The run-time', most: mostSeconds, say: (value) => `${value} s` },
};

/**
 * Refuses what cannot be a budget: negative, zero, not whole, or beyond any use. Null means no limit. Throws
 * `invalid_input` saying what to type instead.
 */
export function checkAmounts(amounts: Amounts): void {
  for (const [key, { name, most, say }] of Object.entries(kinds) as [keyof Amounts, Kind][]) {
    const value = amounts[key];
    if (value === null) continue;
    const wrong = (why: string) => new AppError('invalid_input', `${name} ${why}`, { field: key });
    if (!Number.isFinite(value) || !Number.isSafeInteger(value)) {
      throw wrong(`must be a whole amount; ${String(value)} is not.`);
    }
    if (value < 0) throw wrong(`cannot be negative. Leave it empty for no limit.`);
    if (value === 0)
      throw wrong(`cannot be zero: nothing could start. Leave it empty for no limit, or stop the agent.`);
    if (value > most) throw wrong(`cannot be more than ${say(most)}. Leave it empty for no limit.`);
  }
}

/** Places of an org, and so of any of its agents: the engine gives it no more, so that others have theirs. */
export const mostRuns = 20;

/** Refuses what cannot be a number of runs at once. Throws `invalid_input`. */
export function checkMaxRuns(runs: number): void {
  if (Number.isInteger(runs) && runs >= 1 && runs <= mostRuns) return;
  const why =
    runs > mostRuns
      ? `An installation works on at most ${mostRuns} runs of an org at once, so that others have their places. Type 1 to ${mostRuns}.`
      : `Runs at once must be a whole number from 1 to ${mostRuns}. To stop all of them, stop them on their pages.`;
  throw new AppError('invalid_input', why, { field: 'maxRuns' });
}

/** Refuses a raise that adds nothing or no real amount. Throws `invalid_input`. */
export function checkRaise({ addMicros, addSeconds }: { addMicros: number; addSeconds: number }): void {
  checkAmounts({ micros: addMicros || null, seconds: addSeconds || null, tokens: null });
  if (addMicros === 0 && addSeconds === 0) throw new AppError('invalid_input', 'Say how much is added: money or time.');
}
