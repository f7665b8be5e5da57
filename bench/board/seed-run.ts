import { randomBytes } from 'node:crypto';
import type { StreamHead } from '../../server/db/append-event.ts';
import type { Database, OrgDb } from '../../server/db/connect.ts';
import { rawOf } from '../../server/db/raw.ts';
import { chainEvent, saltBytes } from '../../server/domain/audit/chain.ts';
import type { ChainHead, ChainedEvent } from '../../server/domain/audit/chained-event.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { makeRunWithAll } from '../../server/testing/factories.ts';

const eventsATurn = 10;
const turnsAtOnce = 50;
const secondMs = 1_000;
const usage = { input: 900, output: 200, cacheRead: 12_000, cacheWrite: 400 };
const verdict = { verdict: 'allow', rule: 'tests', layer: 'role', reason: 'The role may run the tests.' } as const;
const words = 'The page that was asked for lies past the last one, so the answer must be empty and not an error. ';

/** A turn as agents make them: some words, four calls with what they answered. */
export function turnEvents(turn: number): RunEvent[] {
  const calls = Array.from({ length: 4 }, (_, n) => ({ callId: `c${turn}.${n}`, tool: n === 0 ? 'shell' : 'view' }));
  const inputOf = (tool: string) =>
    tool === 'shell' ? { command: `npm test -- page-${turn % 97}` } : { path: `src/list/page-${turn % 97}.ts` };
  const content = [
    { type: 'text' as const, text: words.repeat(1 + (turn % 3)) },
    ...calls.map(({ callId, tool }) => ({ type: 'tool_use' as const, id: callId, name: tool, input: inputOf(tool) })),
  ];
  const reply = { turn, model: 'm', content, stopReason: 'tool_use' as const, usage, costMicros: 9, durationMs: 2_400 };
  const ended = { exitCode: 0, droppedBytes: 0, blobId: null, durationMs: 120 };
  return [
    { kind: 'model.called', payload: { turn, model: 'm', maxTokens: 4_000, reservedMicros: 10 } },
    { kind: 'model.replied', payload: reply },
    ...calls.map(({ callId, tool }): RunEvent => {
      return { kind: 'tool.intended', payload: { turn, callId, tool, input: inputOf(tool), verdict } };
    }),
    ...calls.map(({ callId, tool }): RunEvent => {
      const outcome = turn % 19 === 0 && tool === 'shell' ? 'error' : 'ok';
      return { kind: 'tool.finished', payload: { ...ended, turn, callId, tool, outcome, text: words.repeat(3) } };
    }),
  ];
}

export type Seeded = Awaited<ReturnType<typeof makeRunWithAll>> & { turns: number; head: StreamHead };

/** A run that waits for a person, with a log of so many events, fifty turns a moment; chained as ever, but not moving any budget. */
export async function seedRun(database: Database, events: number): Promise<Seeded> {
  const waits = { for: 'a person', since: new Date().toISOString(), wakes: 'a person decides', ref: null };
  const run = await makeRunWithAll(database, { status: 'waiting', waits });
  const { org, runId, streamId, stageAttemptId } = run;
  const input = { cause: { from: 'order' }, base: '1'.repeat(40), head: null, start: '1'.repeat(40) };
  await org.db.stageAttempt.update({ where: { orgId_id: { orgId: org.orgId, id: stageAttemptId } }, data: { input } });
  const { headSeq, headHash } = await org.db.stream.findUniqueOrThrow({
    where: { orgId_id: { orgId: org.orgId, id: streamId } },
  });
  const place = { org: org.orgId, stream: streamId, head: { seq: headSeq, hash: headHash as Uint8Array } };
  const actor = { type: 'agent-run' as const, runId, onBehalfOf: org.owner.userId };
  const began = Date.now() - events * secondMs;
  const turns = events / eventsATurn;
  for (let turn = 1; turn <= turns; turn += turnsAtOnce) {
    const at = new Date(began + turn * eventsATurn * secondMs);
    const many = Array.from({ length: turnsAtOnce }, (_, n) => turnEvents(turn + n)).flat();
    const chained = many.map((event) => {
      const next = chainEvent(place, { ...event, at, actor, salt: randomBytes(saltBytes) });
      place.head = { seq: next.seq, hash: next.hash };
      return next;
    });
    await insertAll(org.db, place, chained);
  }
  return { ...run, turns, head: { streamId, ...place.head } };
}

type Where = { org: string; stream: string; head: ChainHead };

async function insertAll(db: OrgDb, { org, stream, head }: Where, events: ChainedEvent[]): Promise<void> {
  const raw = rawOf(db);
  const columns = (['seq', 'kind', 'at', 'header', 'payload', 'salt', 'hash'] as const).map((name) =>
    events.map((event) => event[name]),
  );
  await raw.query({
    text: `with moved as (update stream set head_seq = $10, head_hash = $11 where org_id = $1 and id = $2)
      insert into event (org_id, stream_id, seq, kind, at, header, payload, salt, hash)
      select $1, $2, * from unnest($3::int[], $4::text[], $5::timestamptz[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[])`,
    values: [org, stream, ...columns, head.seq, Buffer.from(head.hash)],
  });
}
