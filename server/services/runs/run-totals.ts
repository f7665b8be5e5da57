import type { RunTotals } from '../../db/append-event.ts';

type Row = Record<'inputTokens' | 'outputTokens' | 'cacheReads' | 'cacheWrites' | 'costMicros', bigint> & {
  turns: number;
  toolCalls: number;
};

/** A run's totals as its row has them. */
export function totalsOfRow({ turns, toolCalls, ...row }: Row): RunTotals {
  return {
    turns,
    toolCalls,
    inputTokens: Number(row.inputTokens),
    outputTokens: Number(row.outputTokens),
    cacheReads: Number(row.cacheReads),
    cacheWrites: Number(row.cacheWrites),
    costMicros: Number(row.costMicros),
  };
}
