import { AppError } from '../errors.ts';
import type { Usage } from '../ports/model.ts';
import type { PriceRow } from './price.ts';

const million = 1_000_000n;

/**
 * The rows in force for a model at a moment, smallest prompt band first, none for a model without a price. A later
 * `validFrom` replaces all rows of an earlier one.
 */
export function pricesInForce(rows: readonly PriceRow[], { model, at }: { model: string; at: Date }): PriceRow[] {
  const known = rows.filter((row) => row.model === model && row.validFrom <= at);
  const latest = Math.max(...known.map((row) => row.validFrom.getTime()));
  const inForce = known.filter((row) => row.validFrom.getTime() === latest);
  return inForce.toSorted((a, b) => a.promptUpTo - b.promptUpTo);
}

function bandOf(prices: readonly PriceRow[], promptTokens: number): PriceRow {
  const band = prices.find((row) => promptTokens <= row.promptUpTo) ?? prices.at(-1);
  if (!band) throw new AppError('config_invalid', 'No price is known for this model.');
  return band;
}

/** What a call costs in µ$, rounded up once. `prices` as `pricesInForce` gives them. */
export function costMicros(prices: readonly PriceRow[], usage: Usage): number {
  const band = bandOf(prices, usage.input + usage.cacheRead + usage.cacheWrite);
  const parts = [
    [usage.input, band.inputMicros],
    [usage.output, band.outputMicros],
    [usage.cacheRead, band.cacheReadMicros],
    [usage.cacheWrite, band.cacheWriteMicros],
  ] as const;
  const total = parts.reduce((sum, [tokens, micros]) => sum + BigInt(tokens) * BigInt(micros), 0n);
  return Number((total + million - 1n) / million);
}

/** The dearest a prompt of at most that many tokens and a reply of at most that many can come to, in µ$. */
export function worstCaseMicros(
  prices: readonly PriceRow[],
  { promptTokens, maxTokens }: { promptTokens: number; maxTokens: number },
): number {
  const dearest = bandOf(prices, promptTokens);
  const reachable = prices.filter((row) => row.promptUpTo <= dearest.promptUpTo);
  return Math.max(
    ...reachable.map((row) => {
      const prompt = Math.min(promptTokens, row.promptUpTo);
      const input = { input: prompt, output: maxTokens, cacheRead: 0, cacheWrite: 0 };
      const written = { ...input, input: 0, cacheWrite: prompt };
      return Math.max(costMicros([{ ...row }], input), costMicros([{ ...row }], written));
    }),
  );
}
