import pg from 'pg';
import type { Place } from '../database.ts';
import { names } from '../names.ts';
import type { Closing, Contestant } from '../harness.ts';

/** The least that durable can cost: one row of about 1 KB, one statement, one commit, one warm connection. */
export async function open({ peerUrl }: Place, closing: Closing): Promise<Contestant[]> {
  const client = new pg.Client({ connectionString: peerUrl });
  client.on('error', (error) => process.stderr.write(`bare insert: ${error.message}\n`));
  await client.connect();
  closing(() => client.end());
  await client.query('create table entry (id bigint generated always as identity primary key, body bytea not null)');
  const insert = { name: 'insert', text: 'insert into entry (body) values ($1)', values: [Buffer.alloc(1000, 'x')] };
  const block = async (operations: number) => {
    const samples: number[] = [];
    for (let n = 0; n < operations; n += 1) {
      const started = performance.now();
      await client.query(insert);
      samples.push(performance.now() - started);
    }
    return samples;
  };
  return [{ name: names.insert, block }];
}
