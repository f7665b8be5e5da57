import type { Step, Trail } from './trail.ts';

export type StuckPattern = 'repeated_call' | 'repeated_error' | 'alternating_pair' | 'no_change';
/** `words` is a sentence for the agent and for people. */
export type Stuck = { pattern: StuckPattern; words: string };

/** Spend and time that a run may use without an accepted change. */
export type StuckLimits = { micros: number; millis: number; writes: boolean };

const sameCalls = 4;
const sameErrors = 4;
const pairRounds = 3;

type Allowed = { costMicros: number; seconds: number; idleShare: number; writes: boolean };

export function stuckLimits({ costMicros, seconds, idleShare, writes }: Allowed): StuckLimits {
  return { micros: costMicros * idleShare, millis: seconds * 1000 * idleShare, writes };
}

const same = (a: Step, b: Step) => a.call === b.call && a.result === b.result;

/**
 * Whether a run goes round in circles, and how; null while it does not. Pure over its trail. Waiting is never stuck: a
 * step that waited breaks every pattern.
 */
export function stuckIn(trail: Trail, limits: StuckLimits): Stuck | null {
  return (
    repeatedCall(trail.steps) ?? repeatedError(trail.steps) ?? alternatingPair(trail.steps) ?? noChange(trail, limits)
  );
}

/** The last `count` steps, where there are so many and none of them waited. */
function lastSteps(steps: Step[], count: number): Step[] | null {
  const last = steps.slice(-count);
  return last.length === count && last.every(({ waited }) => !waited) ? last : null;
}

function repeatedCall(steps: Step[]): Stuck | null {
  const last = lastSteps(steps, sameCalls);
  if (!last?.every((step) => same(step, last[0]!))) return null;
  const words = `the last ${sameCalls} calls were the same ${last[0]!.tool} call with the same answer.`;
  return { pattern: 'repeated_call', words };
}

function repeatedError(steps: Step[]): Stuck | null {
  const last = lastSteps(steps, sameErrors);
  const [first] = last ?? [];
  const alike = last?.every(({ failed, tool, result }) => failed && tool === first!.tool && result === first!.result);
  if (!alike) return null;
  return {
    pattern: 'repeated_error',
    words: `the last ${sameErrors} ${first!.tool} calls failed with the same error.`,
  };
}

function alternatingPair(steps: Step[]): Stuck | null {
  const last = lastSteps(steps, pairRounds * 2);
  if (!last) return null;
  const [one, other] = [last[0]!, last[1]!];
  if (same(one, other) || !last.every((step, n) => same(step, n % 2 === 0 ? one : other))) return null;
  const words = `the same two calls, ${one.tool} and ${other.tool}, took turns ${pairRounds} times with the same answers.`;
  return { pattern: 'alternating_pair', words };
}

function noChange({ microsSince, millisSince }: Trail, { micros, millis, writes }: StuckLimits): Stuck | null {
  if (!writes) return null;
  const spent = `$${(microsSince / 1_000_000).toFixed(2)}`;
  const lasted = `${Math.round(millisSince / 1000)} s of work`;
  if (microsSince < micros && millisSince < millis) return null;
  return { pattern: 'no_change', words: `${spent} and ${lasted} brought no change to the files and no new result.` };
}
