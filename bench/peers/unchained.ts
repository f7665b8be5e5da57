import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Place } from '../database.ts';
import type { Closing, Contestant } from '../harness.ts';
import { names } from '../names.ts';
import { together } from '../ours/append.ts';

const writers = 16;
const header = Buffer.alloc(430, 'h');
const at = new Date();
const columns = `org_id text not null, stream_id text not null, seq int not null, kind text not null,
  at timestamptz not null, header bytea not null, payload bytea not null, salt bytea not null, hash bytea not null`;
const insert = `insert into event values ('org', $1, $2, 'message.added', $3, $4, $5, $6, $7)`;

/** Rows of the same shape and size with no chain, and a chain of all writers under one lock as one would write it first. */
export async function open({ peerUrl }: Place, closing: Closing): Promise<Contestant[]> {
  const pool = new pg.Pool({ connectionString: peerUrl, max: writers });
  pool.on('error', (error) => process.stderr.write(`unchained: ${error.message}\n`));
  closing(() => pool.end());
  await pool.query(`create table event (${columns}, primary key (org_id, stream_id, seq))`);
  await pool.query('create index on event (org_id, at, stream_id, seq)');
  await pool.query('create table head (id int primary key, seq int not null, hash bytea not null)');
  await pool.query(`insert into head values (1, 0, '')`);
  const bare = (stream: string) => {
    let seq = 0;
    return async (text: string) => {
      const values = [stream, (seq += 1), at, header, Buffer.from(text), randomBytes(16), randomBytes(32)];
      await pool.query({ name: 'insert', text: insert, values });
    };
  };
  const small = bare('small');
  const large = bare('large');
  const many = Array.from({ length: writers }, (_, n) => bare(`many ${n}`));
  const block = (write: (text: string) => Promise<void>, bytes: number) => async (operations: number) => {
    const samples: number[] = [];
    for (let n = 0; n < operations; n += 1) {
      const began = performance.now();
      await write('x'.repeat(bytes));
      samples.push(performance.now() - began);
    }
    return samples;
  };
  const locked = Array.from({ length: writers }, () => (text: string) => underLock(pool, Buffer.from(text)));
  return [
    { name: names.unchainedSmall, block: block(small, 600) },
    { name: names.unchainedLarge, block: block(large, 2_200) },
    { name: names.unchainedMany, block: together(many, 600) },
    { name: names.lockedChain, block: together(locked, 600) },
  ];
}

async function underLock(pool: pg.Pool, payload: Buffer): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ seq: number; hash: Buffer }>(
      'select seq, hash from head where id = 1 for update',
    );
    const seq = (rows[0]?.seq ?? 0) + 1;
    const hash = createHash('sha256')
      .update(rows[0]?.hash ?? '')
      .update(header)
      .update(payload)
      .digest();
    await client.query(insert, ['locked', seq, at, header, payload, randomBytes(16), hash]);
    await client.query('update head set seq = $1, hash = $2 where id = 1', [seq, hash]);
    await client.query('commit');
  } finally {
    client.release();
  }
}
