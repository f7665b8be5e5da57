import type pg from 'pg';

type PriceRow = {
  model: string;
  validFrom: string;
  promptUpTo: number;
  input: number;
  output: number;
  /** Share of the input price that a cache read costs, in thousandths. */
  cacheReadThousandths: number;
};

const always = '2026-01-01T00:00:00Z';
const anyLength = 2_147_483_647;

/** Published list prices, in µ$ per million tokens. Rows are only ever added: old runs keep the price of their day. */
const priceList: PriceRow[] = [
  {
    model: 'claude-opus-5-5',
    validFrom: always,
    promptUpTo: anyLength,
    input: 4_000_000,
    output: 20_000_000,
    cacheReadThousandths: 50,
  },
  {
    model: 'claude-sonnet-5-5',
    validFrom: always,
    promptUpTo: anyLength,
    input: 2_000_000,
    output: 10_000_000,
    cacheReadThousandths: 100,
  },
  {
    model: 'claude-sonnet-5-5',
    validFrom: '2026-10-07T00:00:00Z',
    promptUpTo: anyLength,
    input: 2_000_000,
    output: 10_000_000,
    cacheReadThousandths: 50,
  },
  {
    model: 'claude-haiku-5-5',
    validFrom: always,
    promptUpTo: 100_000,
    input: 100_000,
    output: 500_000,
    cacheReadThousandths: 50,
  },
  {
    model: 'claude-haiku-5-5',
    validFrom: always,
    promptUpTo: anyLength,
    input: 500_000,
    output: 2_500_000,
    cacheReadThousandths: 50,
  },
];

/** Cache writes with a life of five minutes, the only kind Fleet asks for, cost 1.25 times the input price. */
const cacheWriteThousandths = 1_250;

/** Writes the price list into the table `price`. Idempotent: a row that is there is brought to the listed figures. */
export async function seedPrices(owner: pg.Client): Promise<void> {
  for (const row of priceList) {
    await owner.query(
      `insert into price (model, valid_from, prompt_up_to, input_micros, output_micros, cache_read_micros, cache_write_micros)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (model, valid_from, prompt_up_to) do update set input_micros = excluded.input_micros,
         output_micros = excluded.output_micros, cache_read_micros = excluded.cache_read_micros,
         cache_write_micros = excluded.cache_write_micros`,
      [
        row.model,
        row.validFrom,
        row.promptUpTo,
        row.input,
        row.output,
        (row.input * row.cacheReadThousandths) / 1_000,
        (row.input * cacheWriteThousandths) / 1_000,
      ],
    );
  }
}
