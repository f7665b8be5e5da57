import type { TestDatabase } from '../../../server/testing/database.ts';

/** A run's row as it changed hands or state, by the database's clock. `before` is what it was until then. */
export type LeaseChange = {
  runId: string;
  at: number;
  /** When the transaction began that changed it: what it does before it writes is not short on a busy machine. */
  began: number;
  status: string;
  generation: number;
  millis: number;
  before: { status: string; leaseUntil: number | null };
};

/** Has the database itself note who holds a run and when: no code under test has a part in it. */
export async function keepLeaseLog(admin: TestDatabase['admin']): Promise<void> {
  await admin(`
    create table lease_log (
      n bigserial primary key, org_id text, run_id text, at timestamptz, began timestamptz, status text, generation int, millis bigint,
      status_before text, lease_before timestamptz
    );
    create function note_lease() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      insert into lease_log (org_id, run_id, at, began, status, generation, millis, status_before, lease_before)
      values (new.org_id, new.id, clock_timestamp(), transaction_timestamp(), new.status, new.lease_generation, new.millis_used, old.status, old.lease_until);
      return null;
    end $$;
    create trigger note_lease after update on run for each row
      when (old.status is distinct from new.status or old.lease_generation is distinct from new.lease_generation)
      execute function note_lease()`);
}

export async function readLeaseLog(admin: TestDatabase['admin'], orgId: string): Promise<LeaseChange[]> {
  const rows = await admin<{
    runId: string;
    at: Date;
    began: Date;
    status: string;
    generation: number;
    millis: number;
    statusBefore: string;
    leaseBefore: Date | null;
  }>(
    `select run_id as "runId", at, began, status, generation, millis::int, status_before as "statusBefore",
      lease_before as "leaseBefore" from lease_log where org_id = $1 order by n`,
    [orgId],
  );
  return rows.map(({ at, began, statusBefore, leaseBefore, ...row }) => ({
    ...row,
    at: at.getTime(),
    began: began.getTime(),
    before: { status: statusBefore, leaseUntil: leaseBefore?.getTime() ?? null },
  }));
}

type Watched = { leases: LeaseChange[]; killedAt: number[] };
/** `claiming`: since when it was being taken. */
type Span = { runId: string; generation: number; claiming: number; from: number; to: number; killed: boolean };

/** When a run was worked on: from each claim until it was given back, ended, taken over, or its worker was killed. */
export function workedSpans({ leases, killedAt }: Watched): Span[] {
  return leases.flatMap(({ runId, at: from, began: claiming, status, generation }, index) => {
    if (status !== 'running') return [];
    const end = leases.slice(index + 1).find((later) => later.runId === runId)?.at;
    const kill = killedAt.find((at) => at >= from && (end === undefined || at < end));
    const to = kill ?? end;
    return to === undefined ? [] : [{ runId, generation, claiming, from, to, killed: kill !== undefined }];
  });
}

/** Times in which nobody held a run that had been held, and what it was charged for them. */
export function idleSpans(leases: LeaseChange[]): { runId: string; status: string; ms: number; charged: number }[] {
  return leases.flatMap(({ runId, status, at, millis }, index) => {
    const next = leases.slice(index + 1).find((later) => later.runId === runId);
    return status === 'running' || !next ? [] : [{ runId, status, ms: next.at - at, charged: next.millis - millis }];
  });
}

/** What a run had been charged when it was last taken, what the lease of a dead worker cost included. */
export function millisAtLastClaim(leases: LeaseChange[], runId: string): number {
  return leases.findLast((change) => change.runId === runId && change.status === 'running')?.millis ?? 0;
}

/** How many runs were held at once at most. Of those that are still held, until `now`. */
export function mostAtOnce(leases: LeaseChange[], now: number): number {
  const moments = leases.flatMap(({ runId, at, status }, index) => {
    if (status !== 'running') return [];
    const end = leases.slice(index + 1).find((later) => later.runId === runId)?.at ?? now;
    return [
      { at, by: 1 },
      { at: end, by: -1 },
    ];
  });
  let held = 0;
  return Math.max(0, ...moments.toSorted((a, b) => a.at - b.at || a.by - b.by).map(({ by }) => (held += by)));
}
