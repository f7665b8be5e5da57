import type { Pool } from 'pg';
import type { FunctionSpec, Registration } from '../registration.ts';

export async function listFunctions(pool: Pool): Promise<FunctionSpec[]> {
  const { rows } = await pool.query<{ spec: string }>('select spec from engine.function order by id');
  return rows.map((row) => JSON.parse(row.spec) as FunctionSpec);
}

/** Makes an app's functions exactly those given. True when that changed anything. */
export async function saveFunctions(pool: Pool, { app, functions }: Registration): Promise<boolean> {
  const specs = functions.map((spec) => ({ id: spec.id, spec: JSON.stringify(spec) }));
  const { rows } = await pool.query<{ changes: number }>(
    `with given as (select * from json_to_recordset($2::json) as f(id text, spec text)),
     gone as (delete from engine.function where app = $1 and id not in (select id from given) returning 1),
     saved as (
       insert into engine.function as f (id, app, spec) select id, $1, spec from given
       on conflict (id) do update set app = excluded.app, spec = excluded.spec, registered_at = now()
       where f.spec <> excluded.spec or f.app <> excluded.app
       returning 1
     )
     select ((select count(*) from gone) + (select count(*) from saved))::int as changes`,
    [app, JSON.stringify(specs)],
  );
  return (rows[0]?.changes ?? 0) > 0;
}
