import type { KnownModel, ListPrice } from './model-spec.ts';

const always = '2026-01-01T00:00:00Z';

/** Cache writes with a life of five minutes, the only kind Fleet asks for, cost 1.25 times the input price. */
function claude(price: {
  from?: string;
  promptUpTo?: number;
  input: number;
  output: number;
  reads: number;
}): ListPrice {
  const { from = always, input, output, reads, ...rest } = price;
  return { ...rest, from, input, output, cacheRead: input * reads, cacheWrite: input * 1.25 };
}

const anthropic = {
  maker: 'Anthropic',
  protocol: 'anthropic',
  contextTokens: 1_000_000,
  promptTokens: 200_000,
  maxOutputTokens: 128_000,
  thinking: true,
  images: true,
  caching: 'breakpoints',
} as const;

const openAi = {
  maker: 'OpenAI',
  protocol: 'chat-completions',
  contextTokens: 1_050_000,
  promptTokens: 200_000,
  maxOutputTokens: 128_000,
  thinking: false,
  images: true,
  caching: 'prefix',
} as const;

/** Above 272,000 tokens a whole request costs twice as much, its reply half as much again. */
function gpt(price: Omit<ListPrice, 'from' | 'promptUpTo'>): ListPrice[] {
  const { input, output, cacheRead, cacheWrite } = price;
  const long = { input: input * 2, output: output * 1.5, cacheRead: cacheRead * 2, cacheWrite: cacheWrite * 2 };
  return [
    { ...price, from: always, promptUpTo: 272_000 },
    { ...long, from: always },
  ];
}

const google = { ...openAi, maker: 'Google', contextTokens: 1_048_576, maxOutputTokens: 65_536 } as const;

/**
 * The models Fleet knows, with what their makers publish of them. Prices are list prices and only ever added to: what ran
 * keeps the price of its day. One without a price is known to exist; an org sets its price before it can run.
 */
export const knownModels: readonly KnownModel[] = [
  {
    ...anthropic,
    id: 'claude-opus-5-5',
    name: 'Claude Opus 5.5',
    prices: [claude({ input: 4, output: 20, reads: 0.05 })],
  },
  {
    ...anthropic,
    id: 'claude-sonnet-5-5',
    name: 'Claude Sonnet 5.5',
    prices: [
      claude({ input: 2, output: 10, reads: 0.1 }),
      claude({ from: '2026-10-07T00:00:00Z', input: 2, output: 10, reads: 0.05 }),
    ],
  },
  {
    ...anthropic,
    id: 'claude-haiku-5-5',
    name: 'Claude Haiku 5.5',
    promptTokens: 100_000,
    prices: [
      claude({ promptUpTo: 100_000, input: 0.1, output: 0.5, reads: 0.05 }),
      claude({ input: 0.5, output: 2.5, reads: 0.05 }),
    ],
  },
  {
    ...anthropic,
    id: 'claude-fable-5-1',
    name: 'Claude Fable 5.1',
    prices: [claude({ input: 10, output: 50, reads: 0.025 })],
  },
  { ...anthropic, id: 'claude-fable-5-2', name: 'Claude Fable 5.2', prices: [] },
  { ...anthropic, id: 'claude-mythos-5-2', name: 'Claude Mythos 5.2', prices: [] },
  {
    ...openAi,
    id: 'gpt-6-astra',
    name: 'GPT-6 Astra',
    prices: gpt({ input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 }),
  },
  {
    ...openAi,
    id: 'gpt-6.1-sol',
    name: 'GPT-6.1 Sol',
    prices: gpt({ input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 }),
  },
  {
    ...openAi,
    id: 'gpt-6-luna',
    name: 'GPT-6 Luna',
    prices: gpt({ input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 }),
  },
  {
    ...google,
    id: 'gemini-3.8-flash',
    name: 'Gemini 3.8 Flash',
    prices: [
      { from: always, input: 0.75, output: 3.75, cacheRead: 0.075, cacheWrite: 0.75 },
      { from: '2027-01-01T00:00:00Z', input: 1.5, output: 7.5, cacheRead: 0.15, cacheWrite: 1.5 },
    ],
  },
];

/** The model of that name as its maker offers it over a protocol. */
export function knownModel(id: string, protocol: KnownModel['protocol']): KnownModel | null {
  return knownModels.find((model) => model.id === id && model.protocol === protocol) ?? null;
}
