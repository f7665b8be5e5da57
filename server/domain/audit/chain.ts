import { createHash } from 'node:crypto';
import { z } from 'zod';
import { actor } from '../events/actor.ts';
import type { Actor } from '../events/actor.ts';
import { canonicalBytes, fromCanonicalBytes } from './canonical.ts';

// A stream is a chain: an event's hash covers its header, and the header covers the payload (through a salted hash, so
// that an erased payload cannot be guessed) and the hash of the event before it. Anyone can check it with SHA-256 alone.

/** What an event's hash covers. `at` is ISO 8601 with milliseconds; hashes are hex. */
const eventHeader = z.strictObject({
  v: z.literal(1),
  org: z.string(),
  stream: z.string(),
  seq: z.int().positive(),
  at: z.iso.datetime({ precision: 3 }),
  kind: z.string(),
  actor,
  payloadHash: z.string().regex(/^[0-9a-f]{64}$/),
  prev: z.string().regex(/^[0-9a-f]{64}$/),
});
export type EventHeader = z.infer<typeof eventHeader>;

/** An event as stored. `seq`, `kind` and `at` repeat the header so that they can be queried. */
export type ChainedEvent = {
  seq: number;
  kind: string;
  at: Date;
  header: Uint8Array;
  payload: Uint8Array;
  salt: Uint8Array;
  hash: Uint8Array;
};

export type ChainHead = { seq: number; hash: Uint8Array };
export type StreamPlace = { org: string; stream: string };

export const saltBytes = 16;

/** Where every stream starts: nothing before it. */
export const chainStart: ChainHead = { seq: 0, hash: new Uint8Array(32) };

/** Puts one event behind `head`. `salt` is random, `saltBytes` long, and used once. */
export function chainEvent(
  { org, stream, head }: StreamPlace & { head: ChainHead },
  event: { kind: string; at: Date; actor: Actor; payload: unknown; salt: Uint8Array },
): ChainedEvent {
  const { kind, at, salt } = event;
  const payload = canonicalBytes(event.payload);
  const seq = head.seq + 1;
  const header = canonicalBytes({
    v: 1,
    org,
    stream,
    seq,
    at: at.toISOString(),
    kind,
    actor: event.actor,
    payloadHash: hex(payloadHash(salt, payload)),
    prev: hex(head.hash),
  } satisfies EventHeader);
  return { seq, kind, at, header, payload, salt, hash: sha256(header) };
}

export type ChainProblem = { seq: number; problem: string };

/** Checks a stream's events one after the other, so that a long stream needs no memory. */
export function chainChecker({ org, stream }: StreamPlace): {
  /** Takes the next event in order of `seq`; null when it is sound. */
  next(event: ChainedEvent): ChainProblem | null;
  /** Compares with the head that the stream's row keeps; null when nothing is missing at the end. */
  end(head: ChainHead): ChainProblem | null;
} {
  let last = chainStart;
  return {
    next(event) {
      const due = last.seq + 1;
      const problem = problemOf(event, { org, stream, last });
      last = { seq: event.seq, hash: event.hash };
      return problem === null ? null : { seq: Math.min(event.seq, due), problem };
    },
    end(head) {
      if (head.seq > last.seq) return { seq: last.seq + 1, problem: missing(last.seq + 1, head.seq) };
      if (head.seq < last.seq) return { seq: head.seq + 1, problem: 'stands beyond the end of the stream' };
      return same(head.hash, last.hash) ? null : { seq: last.seq, problem: 'is not the event the stream ended with' };
    },
  };
}

/** The first event of a whole stream that is not what was written there, and in what way; null when all are. */
export function verifyChain(place: StreamPlace, events: ChainedEvent[], head: ChainHead): ChainProblem | null {
  const checker = chainChecker(place);
  for (const event of events) {
    const problem = checker.next(event);
    if (problem !== null) return problem;
  }
  return checker.end(head);
}

function problemOf(event: ChainedEvent, at: StreamPlace & { last: ChainHead }): string | null {
  const due = at.last.seq + 1;
  if (event.seq > due) return missing(due, event.seq - 1);
  if (event.seq < due) return 'is there twice';
  if (!same(sha256(event.header), event.hash)) return 'its header was changed';
  const header = parseHeader(event.header);
  if (header === null) return 'its header is not one Fleet writes';
  if (header.org !== at.org || header.stream !== at.stream || header.seq !== event.seq) {
    return `was written as event ${header.seq} of stream ${header.stream}`;
  }
  if (header.kind !== event.kind || header.at !== event.at.toISOString()) return 'its kind or time was changed';
  if (header.prev !== hex(at.last.hash)) return 'does not follow the event before it';
  return header.payloadHash === hex(payloadHash(event.salt, event.payload)) ? null : 'its payload was changed';
}

function missing(from: number, to: number): string {
  return from === to ? 'is missing' : `is missing, and all up to ${to}`;
}

/** The header behind its bytes; null when they are not exactly the bytes that Fleet would have written for it. */
export function parseHeader(bytes: Uint8Array): EventHeader | null {
  try {
    const header = eventHeader.parse(fromCanonicalBytes(bytes));
    return same(canonicalBytes(header), bytes) ? header : null;
  } catch {
    return null;
  }
}

function payloadHash(salt: Uint8Array, payload: Uint8Array): Uint8Array {
  return createHash('sha256').update(salt).update(payload).digest();
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return hex(a) === hex(b);
}

/** One number for where all streams of an org stand: whoever keeps it can later tell that nothing before it changed. */
export function headsDigest(org: string, heads: (ChainHead & { stream: string })[]): string {
  const streams = heads
    .map(({ stream, seq, hash }) => ({ stream, seq, hash: hex(hash) }))
    .sort((a, b) => (a.stream < b.stream ? -1 : 1));
  return hex(sha256(canonicalBytes({ v: 1, org, streams })));
}
