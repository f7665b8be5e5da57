import type { PriceRow } from '../prices/price.ts';

/** The two languages Fleet speaks to models in. */
export const protocols = ['anthropic', 'chat-completions'] as const;
export type Protocol = (typeof protocols)[number];

/** What Fleet must know of a model to run it. Tokens throughout. */
export type ModelSpec = {
  /** Prompt and reply together. */
  contextTokens: number;
  /** How long Fleet lets a prompt grow before it makes room: within the cheapest price band, whatever would still fit. */
  promptTokens: number;
  maxOutputTokens: number;
  /** Thinks as long as it sees fit when it is asked to (`thinking: adaptive`). */
  thinking: boolean;
  images: boolean;
  /** How its provider keeps prompts: behind breakpoints that are set, by prefix without being asked, or not at all. */
  caching: 'breakpoints' | 'prefix' | 'none';
};

/** A model that Fleet knows without being told. */
export type KnownModel = ModelSpec & {
  id: string;
  name: string;
  maker: string;
  protocol: Protocol;
  prices: ListPrice[];
};

/** Dollars per million tokens as the maker's price page has them, from a day on, for prompts up to a length. */
export type ListPrice = {
  from: string;
  promptUpTo?: number;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
};

const anyLength = 2_147_483_647;
const microsOf = (dollars: number) => Math.round(dollars * 1_000_000);

/** The list price of a model as the price table has it, in µ$. */
export function priceRowsOf({ id, prices }: Pick<KnownModel, 'id' | 'prices'>): PriceRow[] {
  return prices.map(({ from, promptUpTo = anyLength, input, output, cacheRead, cacheWrite }) => ({
    model: id,
    validFrom: new Date(from),
    promptUpTo,
    inputMicros: microsOf(input),
    outputMicros: microsOf(output),
    cacheReadMicros: microsOf(cacheRead),
    cacheWriteMicros: microsOf(cacheWrite),
  }));
}
