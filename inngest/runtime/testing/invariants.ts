import type { RunEventKind } from '../../../server/domain/events/run-events.ts';
import type { LeaseChange } from './lease-log.ts';
import { timeInvariants } from './time-invariants.ts';
import { tracedTooOften } from './trace.ts';

/** What happened, read from the database and the doubles alone: nothing of the code under test says it. */
export type Observed = {
  runs: ObservedRun[];
  events: { runId: string; seq: number; kind: RunEventKind; at: number; payload: Record<string, unknown> }[];
  accounts: ObservedAccount[];
  entries: { budgets: string[]; kind: string; reserved: number; micros: number; millis: number }[];
  openReservations: number;
  /** Hand-offs that were accepted, and commits of Fleet on the remote's branches. */
  handoffs: number;
  commits: number;
  /** The lines that commands left in the trace file of Fleet's branches, each as often as its command ran. */
  traces: string[];
  /** Who held a run and when, as the database noted it. */
  leases: LeaseChange[];
  /** When a worker was killed or stopped for good, and how long a lease lasts after that at most. */
  killedAt: number[];
  leaseMs: number;
};
type ObservedRun = { id: string; status: string; millisUsed: number; costMicros: number; secondsLimit: number };
type ObservedAccount = {
  id: string;
  dimension: string;
  subject: string;
  limit: number | null;
  reserved: number;
  used: number;
  millis: number;
};

/** `faults` is empty where it holds; `broken` is a world in which it does not, and which must be found out. */
export type Invariant = { name: string; faults(seen: Observed): string[]; broken(seen: Observed): Observed };

const of = (seen: Observed, runId: string) =>
  seen.events.filter((event) => event.runId === runId).toSorted((a, b) => a.seq - b.seq);
const perRun = (seen: Observed, check: (run: ObservedRun, events: Observed['events']) => string[]) =>
  seen.runs.flatMap((run) => check(run, of(seen, run.id)));
const without = <T>(items: T[], at: number) => items.filter((_, index) => index !== at);
const firstRun = (seen: Observed, change: Partial<ObservedRun>): Observed => ({
  ...seen,
  runs: seen.runs.map((run, index) => (index === 0 ? { ...run, ...change } : run)),
});
const firstAccount = (seen: Observed, change: (account: ObservedAccount) => Partial<ObservedAccount>): Observed => ({
  ...seen,
  accounts: seen.accounts.map((each, index) => (index === 0 ? { ...each, ...change(each) } : each)),
});

const noGaps: Invariant = {
  name: 'every run’s log is without gap and repetition',
  faults: (seen) =>
    perRun(seen, (run, events) =>
      events.flatMap(({ seq }, index) => (seq === index + 1 ? [] : [`${run.id}: event ${seq} stands at ${index + 1}`])),
    ),
  broken: (seen) => ({ ...seen, events: without(seen.events, 0) }),
};

const ended: Invariant = {
  name: 'every run ends',
  faults: ({ runs }) =>
    runs
      .filter(({ status }) => ['queued', 'running', 'waiting'].includes(status))
      .map(({ id, status }) => `${id} ${status}`),
  broken: (seen) => firstRun(seen, { status: 'running' }),
};

const oneEnd: Invariant = {
  name: 'a log has one end and nothing after it',
  faults: (seen) =>
    perRun(seen, (run, events) => {
      const at = events.findIndex(({ kind }) => kind === 'run.ended');
      return at === -1 || at === events.length - 1 ? [] : [`${run.id}: ${events.length - 1 - at} events after its end`];
    }),
  broken: (seen) => {
    const end = seen.events.find(({ kind }) => kind === 'run.ended')!;
    return { ...seen, events: [...seen.events, { ...end, seq: end.seq + 1 }] };
  },
};

const oneResult: Invariant = {
  name: 'a call has one intent, then one result',
  faults: (seen) =>
    perRun(seen, (run, events) => {
      const state = new Map<unknown, string>();
      return events.flatMap(({ kind, payload, seq }) => {
        if (kind !== 'tool.intended' && kind !== 'tool.finished') return [];
        const before = state.get(payload['callId']);
        state.set(payload['callId'], kind);
        const due = kind === 'tool.intended' ? undefined : 'tool.intended';
        return before === due ? [] : [`${run.id}: event ${seq} is ${kind} after ${before ?? 'nothing'}`];
      });
    }),
  broken: (seen) => {
    // On a slow machine a run may use up its time before it comes to a call.
    const made = { ...seen.events[0]!, kind: 'tool.finished' as const, payload: { callId: 'call_x' } };
    const done = seen.events.find(({ kind }) => kind === 'tool.finished') ?? made;
    return { ...seen, events: [...seen.events, { ...done, seq: 1e6 }] };
  },
};

const closing = ['model.replied', 'model.failed', 'summary.rejected', 'context.compacted'];

const oneCallOpen: Invariant = {
  name: 'a model call is answered or counted before the next one',
  faults: (seen) =>
    perRun(seen, (run, events) => {
      let open = false;
      return events.flatMap(({ kind, seq }) => {
        const twice = kind === 'model.called' && open;
        if (kind === 'model.called') open = true;
        else if (closing.includes(kind)) open = false;
        return twice ? [`${run.id}: event ${seq} calls the model while a call is open`] : [];
      });
    }),
  broken: (seen) => {
    const at = seen.events.findIndex(({ kind }) => kind === 'model.called');
    return { ...seen, events: [...seen.events.slice(0, at), seen.events[at]!, ...seen.events.slice(at)] };
  },
};

const generationsRise: Invariant = {
  name: 'each lease begins one slice, and later leases later ones',
  faults: (seen) =>
    perRun(seen, (run, events) => {
      const leases = events.flatMap(({ kind, payload }) =>
        kind === 'slice.started' ? [Number(payload['generation'])] : [],
      );
      return leases.flatMap((lease, n) =>
        n === 0 || lease > leases[n - 1]! ? [] : [`${run.id}: lease ${lease} again`],
      );
    }),
  broken: (seen) => {
    const slice = seen.events.find(({ kind }) => kind === 'slice.started')!;
    return { ...seen, events: [...seen.events, { ...slice, seq: 1e6 }] };
  },
};

const ledgerAddsUp: Invariant = {
  name: 'every account is the sum of its entries',
  faults: ({ accounts, entries }) =>
    accounts.flatMap(({ id, dimension, reserved, used, millis }) => {
      const own = entries.filter(({ budgets }) => budgets.includes(id));
      const sum = (pick: (entry: Observed['entries'][number]) => number) => own.reduce((s, each) => s + pick(each), 0);
      const due = [sum((e) => e.reserved), sum((e) => e.micros), sum((e) => e.millis)];
      return [reserved, used, millis].every((value, n) => value === due[n])
        ? []
        : [`account of the ${dimension}: ${[reserved, used, millis].join(', ')} instead of ${due.join(', ')}`];
    }),
  broken: (seen) => firstAccount(seen, ({ used }) => ({ used: used + 1 })),
};

const nothingHeld: Invariant = {
  name: 'nothing stays reserved',
  faults: ({ openReservations, accounts }) => [
    ...(openReservations === 0 ? [] : [`${openReservations} reservations are open`]),
    ...accounts
      .filter(({ reserved }) => reserved !== 0)
      .map(({ dimension, reserved }) => `${dimension}: ${reserved} µ$`),
  ],
  broken: (seen) => ({ ...seen, openReservations: 1 }),
};

const noOverspend: Invariant = {
  name: 'no account is overspent',
  faults: ({ accounts }) =>
    accounts.flatMap(({ dimension, limit, reserved, used }) =>
      limit !== null && reserved + used > limit ? [`${dimension}: ${reserved + used} of ${limit} µ$`] : [],
    ),
  broken: (seen) => firstAccount(seen, ({ used }) => ({ limit: used - 1 })),
};

const runIsItsAccount: Invariant = {
  name: 'a run’s money and time are those of its account',
  faults: (seen) =>
    seen.runs.flatMap(({ id, costMicros, millisUsed }) => {
      const account = seen.accounts.find(({ dimension, subject }) => dimension === 'run' && subject === id);
      if (!account) return [`${id} has no account`];
      return account.used === costMicros && account.millis === millisUsed
        ? []
        : [`${id}: ${costMicros} µ$ and ${millisUsed} ms, its account ${account.used} µ$ and ${account.millis} ms`];
    }),
  broken: (seen) => firstRun(seen, { costMicros: (seen.runs[0]?.costMicros ?? 0) + 1 }),
};

const oneCommit: Invariant = {
  name: 'an accepted hand-off is one commit',
  faults: ({ handoffs, commits }) => (handoffs === commits ? [] : [`${handoffs} hand-offs, ${commits} commits`]),
  broken: (seen) => ({ ...seen, commits: seen.commits + 1 }),
};

const asIntended: Invariant = {
  name: 'no command took effect more often than it was intended',
  faults: (seen) => tracedTooOften(seen).map((line) => `${line} ran once more than it was intended`),
  broken: (seen) => ({ ...seen, traces: [...seen.traces, 'unasked'] }),
};

export const invariants: Invariant[] = [
  noGaps,
  ended,
  oneEnd,
  oneResult,
  oneCallOpen,
  generationsRise,
  ledgerAddsUp,
  nothingHeld,
  noOverspend,
  runIsItsAccount,
  ...timeInvariants,
  oneCommit,
  asIntended,
];
