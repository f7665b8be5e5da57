import type { Pool } from 'pg';

export type CallKind = 'discover' | 'step' | 'sleep';
export type StoredStep = { id: string; data: string | null; error: string | null };

/** A call that is still to be made, with all that its request carries. */
export type OpenCall = {
  id: string;
  runId: string;
  functionId: string;
  kind: CallKind;
  /** The step to run or to wake; null for `discover`. */
  stepId: string | null;
  attempt: number;
  losses: number;
  event: string;
  slots: readonly string[];
  /** Done steps in the order they were done. */
  steps: readonly StoredStep[];
};

const sql = `
select c.id, c.run_id as "runId", r.function_id as "functionId", c.kind, c.step_id as "stepId", c.attempt, c.losses,
  r.event, r.slots,
  coalesce((
    select json_agg(json_build_object('id', s.id, 'data', s.data, 'error', s.error) order by s.position)
    from engine.step s where s.run_id = r.id and s.position is not null
  ), '[]'::json) as steps
from engine.call c join engine.run r on r.id = c.run_id
where c.id = $1 and r.status = 'active'`;

/** Null when the call was made already or its run has ended: a job delivered twice, or a cancelled run. */
export async function loadCall(pool: Pool, id: string): Promise<OpenCall | null> {
  const { rows } = await pool.query<OpenCall>({ name: 'engine-load', text: sql, values: [id] });
  return rows[0] ?? null;
}
