import type { PriceRow } from '../domain/prices/price.ts';
import type { Database } from './connect.ts';

/** The table of list prices, of all models and days. */
export async function readListPrices({ system }: Pick<Database, 'system'>): Promise<PriceRow[]> {
  const rows = await system.price.findMany();
  return rows.map((row) => ({
    ...row,
    inputMicros: Number(row.inputMicros),
    outputMicros: Number(row.outputMicros),
    cacheReadMicros: Number(row.cacheReadMicros),
    cacheWriteMicros: Number(row.cacheWriteMicros),
  }));
}
