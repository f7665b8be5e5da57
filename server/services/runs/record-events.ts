import { appendRunEvents, type Appended, type RunTotals, type StreamHead } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import type { DecidedOn } from '../../db/decided-on.ts';
import type { LedgerMove } from '../../domain/budget/ledger.ts';
import type { RunEvent } from '../../domain/events/run-events.ts';
import type { Claim } from './claim-run.ts';

export type Recording = {
  now: Date;
  /** The lease that the writer holds. */
  claim: Pick<Claim, 'orgId' | 'runId' | 'generation'>;
  onBehalfOf: string;
  events: RunEvent[];
  /** The run's totals with these events. */
  totals: RunTotals;
  /** Where the stream stands, as its only writer remembers it. */
  head?: StreamHead | undefined;
  /** Movements of the budgets beside those that the events stand for. */
  moves?: LedgerMove[] | undefined;
  /** What the events were decided on: written only where it still stands. */
  decidedOn?: DecidedOn | undefined;
};

/** Appends events to the run's stream, moves its totals and its budgets: one statement, one commit. Throws `lease_lost`,
 * `budget_exhausted` and, where `decidedOn` stands no more, `conflict`. */
export async function recordEvents({ database }: { database: Database }, recording: Recording): Promise<Appended> {
  return recordIn(database.org(recording.claim.orgId), recording);
}

/** The same inside a transaction that also moves the run. */
export async function recordIn(tx: OrgTx, { now, claim, onBehalfOf, ...rest }: Recording): Promise<Appended> {
  const { orgId, runId, generation } = claim;
  const actor = { type: 'agent-run' as const, runId, onBehalfOf };
  return appendRunEvents(tx, { orgId, runId, generation, actor, at: now, whileRunning: true, ...rest });
}
