import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes } from './canonical.ts';
import { hex } from './bytes.ts';
import { chainChecker } from './chain-check.ts';
import { chainEvent, headsDigest } from './chain.ts';
import { chainStart, parseHeader } from './chained-event.ts';
import type { ChainHead, ChainedEvent, StreamPlace } from './chained-event.ts';
import { nodeHashing } from './node-hashing.ts';

const place = { org: 'org_1', stream: 'str_1' };
const at = new Date('2026-11-01T10:00:00.120Z');
const actor = { type: 'user' as const, userId: 'usr_1' };

function chain(payloads: unknown[], from = place): { events: ChainedEvent[]; head: ChainHead } {
  const events: ChainedEvent[] = [];
  payloads.forEach((payload, n) => {
    const head = events.at(-1) ?? chainStart;
    const salt = new Uint8Array(16).fill(n);
    events.push(chainEvent({ ...from, head }, { kind: 'org.created', at, actor, payload, salt }));
  });
  return { events, head: events.at(-1) ?? chainStart };
}

/** The first event of a whole stream that is not what was written there, and in what way; null when all are. */
function verifyChain(at: StreamPlace, events: ChainedEvent[], head: ChainHead) {
  const checker = chainChecker(at, { hashing: nodeHashing, keys: [] });
  for (const event of events) {
    const problem = checker.next(event);
    if (problem !== null) return problem;
  }
  return checker.end(head);
}

const made = () => chain([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
const at2 = (events: ChainedEvent[]) => events[1] as ChainedEvent;

/** Bytes that belong to nothing else: what is tampered with must not change the original as well. */
const bytes = (value: unknown) => canonicalBytes(value);

describe('a chain', () => {
  test('is exactly this, byte for byte', () => {
    const [event] = chain([{ slug: 'x' }]).events;
    expect(new TextDecoder().decode(event?.header)).toBe(
      '{"actor":{"type":"user","userId":"usr_1"},"at":"2026-11-01T10:00:00.120Z","kind":"org.created","org":"org_1",' +
        '"payloadHash":"c80c9fc7667d2e25d5d91a248e81bc8975996286251608c57e8ae19781c55e9d",' +
        `"prev":"${'0'.repeat(64)}","seq":1,"stream":"str_1","v":1}`,
    );
    expect(hex(event?.hash ?? new Uint8Array())).toBe(
      'ea28fd931448020d2f62efb2c3b8841d1e4a6d65641fb8ab3092fd1c473801d6',
    );
  });

  test('that nobody touched is sound, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), (payloads) => {
        const { events, head } = chain(payloads);
        expect(verifyChain(place, events, head)).toBeNull();
      }),
    );
  });

  test('that lost, gained or changed any byte anywhere is not', () => {
    const { events, head } = made();
    const fields = ['header', 'payload', 'salt', 'hash'] as const;
    fc.assert(
      fc.property(
        fc.nat(3),
        fc.constantFrom(...fields),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (n, field, where, by) => {
          const changed = events.map((event) => ({ ...event }));
          const event = changed[n] as ChainedEvent;
          const copy = Uint8Array.from(event[field]);
          copy[where % copy.length] = (copy[where % copy.length] ?? 0) ^ by;
          event[field] = copy;
          expect(verifyChain(place, changed, head)?.seq).toBe(n + 1);
        },
      ),
    );
  });
});

describe('tampering is found and placed', () => {
  type Tamper = (events: ChainedEvent[]) => ChainedEvent[];
  const cases: [string, Tamper, { seq: number; problem: string }][] = [
    [
      'a changed payload',
      (events) => events.with(1, { ...at2(events), payload: bytes({ n: 9 }) }),
      { seq: 2, problem: 'its payload was changed' },
    ],
    [
      'a changed header',
      (events) => events.with(1, { ...at2(events), header: bytes({ ...parseHeader(at2(events).header), kind: 'y' }) }),
      { seq: 2, problem: 'its header was changed' },
    ],
    [
      'a changed kind beside the header',
      (events) => events.with(1, { ...at2(events), kind: 'y' }),
      { seq: 2, problem: 'its kind or time was changed' },
    ],
    [
      'a changed time beside the header',
      (events) => events.with(1, { ...at2(events), at: new Date(0) }),
      { seq: 2, problem: 'its kind or time was changed' },
    ],
    [
      'an event written anew with a hash that fits',
      (events) => events.with(1, { ...chain([{}, { n: 9 }]).events[1]! }),
      { seq: 2, problem: 'does not follow the event before it' },
    ],
    ['a deleted event', (events) => events.toSpliced(1, 1), { seq: 2, problem: 'is missing' }],
    ['two deleted events', (events) => events.toSpliced(1, 2), { seq: 2, problem: 'is missing, and all up to 3' }],
    ['the first one deleted', (events) => events.toSpliced(0, 1), { seq: 1, problem: 'is missing' }],
    ['the last one deleted', (events) => events.slice(0, -1), { seq: 4, problem: 'is missing' }],
    ['all deleted', () => [], { seq: 1, problem: 'is missing, and all up to 4' }],
    [
      'two swapped',
      (events) => [events[0]!, { ...events[2]!, seq: 2 }, { ...events[1]!, seq: 3 }, events[3]!],
      { seq: 2, problem: 'was written as event 3 of stream str_1' },
    ],
    [
      'one inserted and the rest moved on',
      (events) => events.toSpliced(1, 0, events[0]!).map((event, n) => ({ ...event, seq: n + 1 })),
      { seq: 2, problem: 'was written as event 1 of stream str_1' },
    ],
    [
      'one added at the end',
      (events) => {
        const event = { kind: 'org.created', at, actor, payload: {}, salt: new Uint8Array(16) };
        return [...events, chainEvent({ ...place, head: events.at(-1)! }, event)];
      },
      { seq: 5, problem: 'stands beyond the end of the stream' },
    ],
    ['the same twice', (events) => events.toSpliced(1, 0, events[0]!), { seq: 1, problem: 'is there twice' }],
    [
      'one from another stream',
      (events) => events.with(1, chain([{ n: 1 }, { n: 2 }], { ...place, stream: 'str_2' }).events[1]!),
      { seq: 2, problem: 'was written as event 2 of stream str_2' },
    ],
    [
      'one from another org',
      (events) => events.with(1, chain([{ n: 1 }, { n: 2 }], { ...place, org: 'org_2' }).events[1]!),
      { seq: 2, problem: 'was written as event 2 of stream str_1' },
    ],
  ];

  test.each(cases)('%s', (_name, tamper, expected) => {
    const { events, head } = made();
    expect(verifyChain(place, tamper(events), head)).toMatchObject(expected);
  });

  test('a whole chain written anew has another head', () => {
    const { head } = made();
    const forged = chain([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 'forged' }]);
    expect(verifyChain(place, forged.events, head)).toEqual({
      tampering: 'end-changed',
      seq: 4,
      problem: 'is not the event the stream ended with',
    });
  });
});

test('a header that Fleet would have written differently is none', () => {
  const [event] = made().events;
  const header = parseHeader(event!.header);
  expect(header).toMatchObject({ seq: 1, kind: 'org.created', actor });
  expect(parseHeader(new TextEncoder().encode(JSON.stringify(header, null, 1)))).toBeNull();
  expect(parseHeader(bytes({ ...header, more: 1 }))).toBeNull();
  expect(parseHeader(bytes({ ...header, v: 2 }))).toBeNull();
});

test('the digest of all heads does not depend on their order, and on nothing but them', () => {
  const heads = [1, 2, 3].map((n) => ({ stream: `str_${n}`, seq: n, hash: new Uint8Array(32).fill(n) }));
  const digest = headsDigest('org_1', heads);
  expect(headsDigest('org_1', heads.toReversed())).toBe(digest);
  expect(headsDigest('org_2', heads)).not.toBe(digest);
  expect(headsDigest('org_1', heads.slice(1))).not.toBe(digest);
});
