import type { OrgTx } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import type { RunEvent } from '../../domain/events/run-events.ts';

type OfRun = { orgId: string; runId: string };

/** What a run has written itself, and before it what it goes on from, where it is a retry of another. `runs`: whose logs these are. */
export type RunEvents = { inherited: RunEvent[]; own: RunEvent[]; runs: string[] };

export async function readRunLog(db: OrgTx, { orgId, runId }: OfRun): Promise<RunEvents> {
  const rows = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
  const own = rows.map(({ kind, payload }) => ({ kind, payload }) as RunEvent);
  const first = own[0];
  if (first?.kind !== 'run.forked') return { inherited: [], own, runs: [runId] };
  const before = await readRunLog(db, { orgId, runId: first.payload.runId });
  return { inherited: upTo(before, first.payload.seq), own, runs: [runId, ...before.runs] };
}

/** The log of a run up to and with one of its own events, with what that run inherited. Logs only grow: it stays the same. */
export async function readInherited(db: OrgTx, { orgId, runId, seq }: OfRun & { seq: number }): Promise<RunEvent[]> {
  return upTo(await readRunLog(db, { orgId, runId }), seq);
}

const upTo = ({ inherited, own }: RunEvents, seq: number) => [...inherited, ...own.slice(0, seq)];
