import type { OrgTx } from './connect.ts';
import { conditionOf, everything } from './log-query.ts';
import { rawOf } from './raw.ts';

type Hit = { seq: number; kind: string; at: Date; payload: Buffer };
type Search = { runId: string; text: string; afterSeq: number; limit: number };

/** Events of a run after `afterSeq` whose payload has the text in it, in order. */
export async function searchStream(db: OrgTx, { runId, text, afterSeq, limit }: Search): Promise<Hit[]> {
  const raw = rawOf(db);
  const condition = conditionOf({ ...everything, text: [text] }, 5);
  return raw.query<Hit>({
    text: `select e.seq, e.kind, e.at, e.payload from stream s
      join event e on e.org_id = s.org_id and e.stream_id = s.id
      where s.org_id = $1 and s.kind = 'run' and s.subject = $2 and e.seq > $3
        and e.kind not in ('run.started', 'workspace.snapshotted') and ${condition.text}
      order by e.seq limit $4`,
    values: [raw.orgId, runId, afterSeq, limit, ...condition.values],
  });
}
