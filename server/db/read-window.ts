import type { OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';

/** The first event of the turn that an event of a run belongs to, else of the log: where a page can begin. */
export async function turnStart(db: OrgTx, { runId, seq }: { runId: string; seq: number }): Promise<number> {
  const raw = rawOf(db);
  const [row] = await raw.query<{ seq: number }>({
    text: `select e.seq from event e
      where e.org_id = $1 and e.stream_id = (select id from stream where org_id = $1 and kind = 'run' and subject = $2)
        and e.seq <= $3 and e.kind = 'model.called' and position('"purpose"'::bytea in e.payload) = 0
      order by e.seq desc limit 1`,
    values: [raw.orgId, runId, seq],
  });
  return row?.seq ?? 1;
}

export type TreeRow = { turn: number; commit: string; leftOut: string[] };

/** The last work tree that a run kept at or before a turn, of its own log alone. */
export async function treeUpTo(db: OrgTx, { runId, turn }: { runId: string; turn: number }): Promise<TreeRow | null> {
  const raw = rawOf(db);
  const [row] = await raw.query<TreeRow>({
    text: `with kept as materialized (
        select e.seq, convert_from(e.payload, 'UTF8')::json as tree from event e
        where e.org_id = $1 and e.stream_id = (select id from stream where org_id = $1 and kind = 'run' and subject = $2)
          and e.kind = 'workspace.snapshotted' and convert_from(e.payload, 'UTF8') is json object
      )
      select (tree ->> 'turn')::int as turn, tree ->> 'commit' as commit, tree -> 'leftOut' as "leftOut" from kept
      where (tree ->> 'turn')::int <= $3 order by seq desc limit 1`,
    values: [raw.orgId, runId, turn],
  });
  return row ?? null;
}
