import type { Pool } from 'pg';
import { queueCalls } from './schema.sql.ts';

const anew = async (pool: Pool, calls: string, values: unknown[]): Promise<number> => {
  const { rows } = await pool.query<{ jobs: number }>(
    `with calls as (${calls}), ${queueCalls} select coalesce((select jobs from queued), 0)::int as jobs`,
    values,
  );
  return rows[0]?.jobs ?? 0;
};

/** Gives every open call a fresh job. For the start: whoever held the old ones is dead, and may have died mid-call. */
export async function requeueAll(pool: Pool): Promise<number> {
  await pool.query(
    `select graphile_worker.force_unlock_workers(array(
       select distinct locked_by from graphile_worker.jobs where locked_by is not null))`,
  );
  return anew(pool, 'select id, due_at from engine.call order by id', []);
}

/** Queues these calls now. Returns those that are gone, their run having ended meanwhile. */
export async function queueNow(pool: Pool, ids: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ found: string[] }>(
    `with calls as (select id, now() as due_at from engine.call where id = any($1::uuid[])), ${queueCalls}
     select array(select id::text from calls) as found, (select jobs from queued)`,
    [ids],
  );
  const found = new Set(rows[0]?.found);
  return ids.filter((id) => !found.has(id));
}

/** Queues now what waits for these functions' worker to be reachable again. */
export async function queueUnreached(pool: Pool, functionIds: readonly string[]): Promise<number> {
  return anew(
    pool,
    `update engine.call c set due_at = now() from engine.run r
     where r.id = c.run_id and r.function_id = any($1) and c.losses > 0 and c.due_at > now()
     returning c.id, c.due_at`,
    [functionIds],
  );
}

/** Queues calls that are due and have no job, unless `waiting` knows why: mends what a failed release left lying. */
export async function requeueLost(pool: Pool, waiting: (id: string) => boolean): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from engine.call c
     where due_at < now() - interval '10 seconds'
       and not exists (select from graphile_worker.jobs j where j.key = 'call:' || c.id)`,
  );
  const lost = rows.map((row) => row.id).filter((id) => !waiting(id));
  if (lost.length > 0) await queueNow(pool, lost);
  return lost.length;
}
