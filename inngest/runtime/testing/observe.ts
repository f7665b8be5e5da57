import { leaseMs } from '../../../server/domain/runs/lease.ts';
import type { RunEventKind } from '../../../server/domain/events/run-events.ts';
import type { TestDatabase } from '../../../server/testing/database.ts';
import { readLeaseLog } from './lease-log.ts';
import { traceFile } from './trace.ts';
import type { TestRemote } from './remote.ts';
import type { Observed } from './invariants.ts';

type Watched = { admin: TestDatabase['admin']; orgId: string; remote: TestRemote; killedAt: number[] };

/** Reads back what happened in an org: plain SQL as the superuser, and git. */
export async function observe({ admin, orgId, remote, killedAt }: Watched): Promise<Observed> {
  const runs = await admin<Observed['runs'][number]>(
    `select id, status::text, millis_used::int as "millisUsed", cost_micros::int as "costMicros",
      seconds_limit as "secondsLimit" from run where org_id = $1 order by id`,
    [orgId],
  );
  const events = await admin<{ runId: string; seq: number; kind: RunEventKind; at: Date; payload: string }>(
    `select s.subject as "runId", e.seq, e.kind, e.at, convert_from(e.payload, 'UTF8') as payload
      from event e join stream s on s.org_id = e.org_id and s.id = e.stream_id
      where e.org_id = $1 and s.kind = 'run' order by s.id, e.seq`,
    [orgId],
  );
  const accounts = await admin<Observed['accounts'][number]>(
    `select id, dimension::text, subject, micros_limit::float8 as limit, micros_reserved::float8 as reserved,
      micros_used::float8 as used, millis_used::float8 as millis from budget where org_id = $1 order by id`,
    [orgId],
  );
  const entries = await admin<Observed['entries'][number]>(
    `select budgets, kind, reserved::float8, micros::float8, millis::float8 from budget_entry
      where org_id = $1 and kind <> 'raise'`,
    [orgId],
  );
  const [counts] = await admin<{ open: number; handoffs: number }>(
    `select (select count(*)::int from reservation where org_id = $1 and status = 'open') as open,
      (select count(*)::int from handoff where org_id = $1 and body ->> 'commit' is not null) as handoffs`,
    [orgId],
  );
  return {
    runs,
    events: events.map(({ at, payload, ...rest }) => ({ ...rest, at: at.getTime(), payload: JSON.parse(payload) })),
    accounts,
    entries,
    openReservations: counts?.open ?? 0,
    handoffs: counts?.handoffs ?? 0,
    commits: await commitsOfFleet(remote),
    traces: await tracesIn(remote),
    leases: await readLeaseLog(admin, orgId),
    killedAt,
    leaseMs,
  };
}

/** Commits that Fleet pushed and nobody has merged. */
async function commitsOfFleet(remote: TestRemote): Promise<number> {
  const text = await remote.git('rev-list', '--branches=fleet/*', '--not', 'main');
  return text.split('\n').filter(Boolean).length;
}

async function tracesIn(remote: TestRemote): Promise<string[]> {
  const branches = (await remote.branches()).filter((branch) => branch.startsWith('fleet/'));
  const texts = await Promise.all(branches.map((branch) => remote.file(traceFile, branch)));
  return texts.flatMap((text) => (text ?? '').split('\n').filter(Boolean));
}
