import type { ReachedLevel } from './levels.ts';
import { monthWords } from './ledger.ts';

type BudgetAlert = ReachedLevel & { name: string; period: string; percent: number };

const dollars = (micros: number) => `$${(micros / 1_000_000).toFixed(2)}`;
const minutes = (millis: number) => `${Math.round(millis / 60_000)} min`;

const units: Record<ReachedLevel['unit'], { of: string; say: (value: number) => string }> = {
  micros: { of: 'money', say: dollars },
  tokens: { of: 'tokens', say: (value) => `${value} tokens` },
  millis: { of: 'run-time', say: minutes },
};

/** How far a budget is used up, in one sentence, and what that means. */
export function alertWords({ name, period, unit, used, limit, percent }: BudgetAlert): string {
  const { of, say } = units[unit];
  const when = period === 'total' ? '' : ` for ${monthWords(period)}`;
  const how = `${name} has used ${percent} % of its ${of}${when}: ${say(used)} of ${say(limit)}.`;
  return percent < 100 ? how : `${how} Its runs are stopped, and nothing starts under it until it is raised.`;
}
