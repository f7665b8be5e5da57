import { setTimeout as pause } from 'node:timers/promises';
import { appendRunEvents, openRunStream, type StreamHead } from '../../db/append-event.ts';
import { openDatabase } from '../../db/connect.ts';
import type { RunEvent } from '../../domain/events/run-events.ts';

// Who writes a run's log, as a process that can be killed: <database> <org> <run> <events a second>. It takes the lease and
// goes on from where the log stands; each event says its own number. Says what was committed; ends the run when it is told to.

const [, , appUrl = '', orgId = '', runId = '', aSecond = '50'] = process.argv;
const actor = { type: 'system' as const, reason: 'drill' };
const end: RunEvent = {
  kind: 'run.ended',
  payload: { outcome: { reason: 'handed_off', detail: 'done' }, millisUsed: 1, costMicros: 1, turns: 1, toolCalls: 1 },
};
const database = openDatabase({ appUrl, max: 2 });
const db = database.org(orgId);
let asked = false;
process.once('message', () => (asked = true));
process.once('disconnect', () => process.exit(1));

const { generation, head } = await database.transaction(orgId, async (tx) => {
  const { leaseGeneration } = await tx.run.update({
    where: { orgId_id: { orgId, id: runId } },
    data: { leaseGeneration: { increment: 1 } },
    select: { leaseGeneration: true },
  });
  return { generation: leaseGeneration, head: await openRunStream(tx, { orgId, runId }) };
});

const step = (seq: number): RunEvent => ({
  kind: 'run.resumed',
  payload: { reason: `step ${seq}: ${'ü€😀 '.repeat(20 + (seq % 50))}` },
});

let now: StreamHead = head;
let over = false;
while (!over) {
  over = asked;
  const events = over ? [end] : [step(now.seq + 1)];
  ({ head: now } = await appendRunEvents(db, { orgId, runId, generation, actor, at: new Date(), events, head: now }));
  process.send?.({ committed: now.seq, over });
  await pause(1_000 / Number(aSecond));
}
await database.close();
process.disconnect();
