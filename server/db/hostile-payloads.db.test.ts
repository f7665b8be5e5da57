import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeRunWithAll } from '../testing/factories.ts';
import { appendRunEvents, type StreamHead } from './append-event.ts';
import { readAllEvents } from './read-events.ts';
import { verifyStreams } from './verify-streams.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

const count = 10_000;
const seed = 20_261_128;

/** What text of models, tools and repositories may hold: NUL, lone surrogates, control and bidi characters, what looks like JSON. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '\0',
    '\ud800',
    '\udfff\ud800',
    '\u202e\u2066',
    '\u001b[2J',
    '","hash":"',
    '\\u0000',
    '__proto__',
    '~b64',
  ),
);
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((n) => (!Number.isInteger(n) || Number.isSafeInteger(n)) && !Object.is(n, -0));
const payload = fc.oneof(
  hostile,
  fc
    .array(fc.tuple(hostile, fc.oneof(hostile, number, fc.constantFrom(true, null))), { maxLength: 5 })
    .map(Object.fromEntries),
  fc.array(hostile, { maxLength: 5 }),
);

const verdict = { verdict: 'allow', rule: 'r', layer: 'platform', reason: '' } as const;

test(`${count} payloads of any kind are stored, read back as they were, and verify`, { timeout: 120_000 }, async () => {
  const { runId, org } = await makeRunWithAll(t.database);
  const { orgId, db } = org;
  const inputs = fc.sample(payload, { numRuns: count, seed });
  const actor = { type: 'system' as const, reason: 'test' };
  let head: StreamHead | undefined;
  for (let n = 0; n < count; n += 200) {
    const events = inputs.slice(n, n + 200).map((input, at) => ({
      kind: 'tool.intended' as const,
      payload: { turn: 1, callId: String(n + at), tool: 'shell', input, verdict },
    }));
    ({ head } = await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events, head }));
  }
  const stored = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
  const back = stored.flatMap((event) => (event.kind === 'tool.intended' ? [event.payload.input] : []));
  expect(back).toHaveLength(count);
  expect(back.findIndex((input, n) => !isDeepStrictEqual(input, inputs[n]))).toBe(-1);
  expect(await verifyStreams(db, { orgId })).toMatchObject({ ok: true, firstBad: null });
});

test('a line of ten megabytes is stored and verifies', async () => {
  const { runId, org } = await makeRunWithAll(t.database);
  const { orgId, db } = org;
  const text = '\u202eä\0'.repeat(3_500_000);
  const actor = { type: 'system' as const, reason: 'test' };
  const events = [{ kind: 'message.added' as const, payload: { source: 'platform' as const, text } }];
  await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events });
  const [event] = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
  expect(event?.kind === 'message.added' && event.payload.text === text).toBe(true);
  expect(await verifyStreams(db, { orgId })).toMatchObject({ ok: true });
});
