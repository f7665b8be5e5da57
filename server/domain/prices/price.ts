/**
 * One row of the price table: µ$ per million tokens, from `validFrom` on, for prompts of at most `promptUpTo` tokens
 * (uncached, cache reads and cache writes together). Source: the provider's price page.
 */
export type PriceRow = {
  model: string;
  validFrom: Date;
  promptUpTo: number;
  inputMicros: number;
  outputMicros: number;
  cacheReadMicros: number;
  cacheWriteMicros: number;
};
