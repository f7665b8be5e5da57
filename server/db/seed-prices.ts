import type pg from 'pg';
import { priceRowsOf } from '../domain/models/model-spec.ts';
import { knownModels } from '../domain/models/registry.ts';

/** Writes the list prices into the table `price`. Idempotent: a row that is there is brought to the listed figures. */
export async function seedPrices(owner: pg.Client): Promise<void> {
  for (const row of knownModels.flatMap(priceRowsOf)) {
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
        row.inputMicros,
        row.outputMicros,
        row.cacheReadMicros,
        row.cacheWriteMicros,
      ],
    );
  }
}
