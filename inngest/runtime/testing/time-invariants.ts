import type { Invariant, Observed } from './invariants.ts';
import { idleSpans, millisAtLastClaim, workedSpans } from './lease-log.ts';

/** Between the reading of the clock for a claim and its transaction there may lie a full machine. */
const claimMs = 500;
const stopMs = 1_000;
/** The wall clock of a test machine may stand still for a while between two events. */
const slackMs = 50;

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
const firstRun = (seen: Observed, change: (run: Observed['runs'][number]) => Partial<Observed['runs'][number]>) => ({
  ...seen,
  runs: seen.runs.map((run, index) => (index === 0 ? { ...run, ...change(run) } : run)),
});

/** What the log shows to be worked: from a slice's first event to its last, or to the kill of its worker. */
function shownMillis(seen: Observed, runId: string): number {
  const spans = workedSpans(seen).filter((span) => span.runId === runId);
  const slices: { generation: unknown; begun: number; last: number }[] = [];
  for (const { runId: of, kind, at, payload } of seen.events.toSorted((a, b) => a.seq - b.seq)) {
    if (of !== runId) continue;
    if (kind === 'slice.started') slices.push({ generation: payload['generation'], begun: at, last: at });
    const slice = slices.at(-1);
    if (slice) slice.last = at;
  }
  return sum(
    slices.map(({ generation, begun, last }) => {
      const span = spans.find((each) => each.generation === generation);
      return (span?.killed ? span.to : last) - begun;
    }),
  );
}

const timeWorked: Invariant = {
  name: 'a run is charged at least the time that was worked',
  faults: (seen) =>
    seen.runs.flatMap(({ id, millisUsed }) => {
      const worked = shownMillis(seen, id);
      return millisUsed + slackMs < worked ? [`${id}: ${millisUsed} ms charged of ${worked} ms worked`] : [];
    }),
  broken: (seen) => firstRun(seen, ({ id }) => ({ millisUsed: shownMillis(seen, id) - slackMs - 1 })),
};

/** The most that a run may be charged: what it was held, and a lease for each kill of who held it. */
function mostMillis(seen: Observed, runId: string): number {
  const spans = workedSpans(seen).filter((span) => span.runId === runId);
  return sum(spans.map(({ claiming, to, killed }) => to - claiming + claimMs + (killed ? seen.leaseMs : 0)));
}

const oneLeaseAKill: Invariant = {
  name: 'a run is charged at most one lease more than it was held for each kill, and nothing while nobody holds it',
  faults: (seen) =>
    seen.runs.flatMap(({ id, millisUsed }) => {
      const most = mostMillis(seen, id);
      return millisUsed > most ? [`${id}: ${millisUsed} ms charged, ${most} ms is the most`] : [];
    }),
  broken: (seen) => firstRun(seen, ({ id }) => ({ millisUsed: mostMillis(seen, id) + 1 })),
};

/** What a run did last, in ms before its end. */
function lastOf({ events }: Observed, runId: string): string {
  const own = events.filter((event) => event.runId === runId).toSorted((a, b) => a.seq - b.seq);
  const end = own.at(-1)?.at ?? 0;
  return own
    .slice(-4)
    .map(({ kind, at }) => `${kind} −${end - at}`)
    .join(', ');
}

const stoppedInTime: Invariant = {
  name: 'a run is stopped within a second of its limit by whoever holds it',
  faults: (seen) =>
    seen.runs.flatMap(({ id, millisUsed, secondsLimit }) => {
      const most = Math.max(secondsLimit * 1_000, millisAtLastClaim(seen.leases, id)) + stopMs;
      return millisUsed > most
        ? [`${id}: stopped at ${millisUsed} ms instead of ${most} ms at the latest; ${lastOf(seen, id)}`]
        : [];
    }),
  broken: (seen) => {
    const [first] = seen.runs;
    const leases = seen.leases.map((each) => (each.runId === first?.id ? { ...each, millis: 0 } : each));
    return firstRun({ ...seen, leases }, ({ secondsLimit }) => ({ millisUsed: secondsLimit * 1_000 + stopMs + 1 }));
  },
};

const waitingIsFree: Invariant = {
  name: 'waiting is charged nothing',
  faults: ({ leases }) =>
    idleSpans(leases).flatMap(({ runId, status, charged }) =>
      charged === 0 ? [] : [`${runId}: ${charged} ms charged while ${status}`],
    ),
  broken: (seen) => {
    const idle = {
      runId: 'run_x',
      status: 'waiting',
      generation: 1,
      began: 0,
      before: { status: 'running', leaseUntil: null },
    };
    return { ...seen, leases: [...seen.leases, { ...idle, at: 0, millis: 1 }, { ...idle, at: 1, millis: 2 }] };
  },
};

const oneHolder: Invariant = {
  name: 'a run that somebody holds is taken by nobody else before its lease has ended',
  faults: ({ leases }) =>
    leases.flatMap(({ runId, at, generation, status, before }) => {
      const over = status === 'running' && before.status === 'running';
      return over && (before.leaseUntil === null || at < before.leaseUntil)
        ? [`${runId}: lease ${generation} begins before the last one has ended`]
        : [];
    }),
  broken: (seen) => {
    const taken = seen.leases.find(({ status }) => status === 'running')!;
    const before = { status: 'running', leaseUntil: taken.at + 1 };
    return { ...seen, leases: [...seen.leases, { ...taken, before }] };
  },
};

export const timeInvariants: Invariant[] = [timeWorked, oneLeaseAKill, stoppedInTime, waitingIsFree, oneHolder];
