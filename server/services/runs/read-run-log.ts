import type { OrgTx } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import type { RunEvent } from '../../domain/events/run-events.ts';

type OfRun = { orgId: string; runId: string };

/** What a run has written itself, and before it what it goes on from, where it is a retry of another. */
export type RunEvents = { inherited: RunEvent[]; own: RunEvent[] };

export async function readRunLog(db: OrgTx, { orgId, runId }: OfRun): Promise<RunEvents> {
  const own = await ownEvents(db, { orgId, runId });
  const first = own[0];
  if (first?.kind !== 'run.forked') return { inherited: [], own };
  return { inherited: await readInherited(db, { orgId, ...first.payload }), own };
}

/** The log of a run up to and with one of its own events, with what that run inherited. Logs only grow: it stays the same. */
export async function readInherited(db: OrgTx, { orgId, runId, seq }: OfRun & { seq: number }): Promise<RunEvent[]> {
  const { inherited, own } = await readRunLog(db, { orgId, runId });
  return [...inherited, ...own.slice(0, seq)];
}

async function ownEvents(db: OrgTx, { orgId, runId }: OfRun): Promise<RunEvent[]> {
  const rows = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
  return rows.map(({ kind, payload }) => ({ kind, payload }) as RunEvent);
}
