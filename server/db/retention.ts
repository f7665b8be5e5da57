import { eventsOf } from '../domain/audit/retention.ts';
import type { RetentionKind } from '../domain/audit/retention.ts';
import { proofKinds } from '../domain/events/may-be-erased.ts';
import type { OrgTx } from './connect.ts';
import type { Erasable } from './erase.ts';
import { rawOf } from './raw.ts';

type Due = { kind: RetentionKind; before: Date };

/** Events of runs whose task is over and that no hold keeps, and of the org's own log. */
const ofKind = `
  from event e join stream s on s.org_id = e.org_id and s.id = e.stream_id
  left join run r on s.kind = 'run' and r.org_id = s.org_id and r.id = s.subject
  left join stage_attempt a on a.org_id = r.org_id and a.id = r.stage_attempt_id
  left join pipeline_run p on p.org_id = a.org_id and p.id = a.pipeline_run_id
  where e.org_id = $1 and e.at < $2 and length(e.payload) > 0
    and case s.kind when 'run' then e.kind = any($3::text[]) and p.status in ('succeeded', 'failed', 'stopped')
      and not exists (select from legal_hold h where h.org_id = $1 and h.run_id = s.subject)
      else $4::boolean and e.kind <> all($5::text[]) end`;

const asked = ({ kind, before }: Due, orgId: string) => {
  const { run, org } = eventsOf(kind);
  return [orgId, before, run, org, [...proofKinds]];
};

/** The oldest events of a kind whose time is over. */
export function dueEvents(db: OrgTx, due: Due & { limit: number }): Promise<Erasable[]> {
  const raw = rawOf(db);
  return raw.query<Erasable>({
    text: `select e.stream_id as stream, e.seq, e.kind, s.kind::text as log, s.subject, e.at, e.header, e.payload, e.hash
      ${ofKind} order by e.at, e.stream_id, e.seq limit $6`,
    values: [...asked(due, raw.orgId), due.limit],
  });
}

export async function countDue(db: OrgTx, due: Due): Promise<number> {
  const raw = rawOf(db);
  const [row] = await raw.query<{ events: number }>({
    text: `select count(*)::int as events ${ofKind}`,
    values: asked(due, raw.orgId),
  });
  return row?.events ?? 0;
}
