import { z } from 'zod';
import { actor } from '../events/actor.ts';
import { sameBytes } from './bytes.ts';
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
  /** Only where the payload was erased, and is empty with its salt: the signed note that says so. */
  tombstone?: string | null;
};

export type ChainHead = { seq: number; hash: Uint8Array };
export type StreamPlace = { org: string; stream: string };

/** Where every stream starts: nothing before it. */
export const chainStart: ChainHead = { seq: 0, hash: new Uint8Array(32) };

/** The header behind its bytes; null when they are not exactly the bytes that Fleet would have written for it. */
export function parseHeader(bytes: Uint8Array): EventHeader | null {
  try {
    const text = decoder.decode(bytes);
    const plain = eventHeader.safeParse(JSON.parse(text));
    if (plain.success && text.isWellFormed() && plainText(plain.data) === text) return plain.data;
    const header = eventHeader.parse(fromCanonicalBytes(bytes));
    return sameBytes(canonicalBytes(header), bytes) ? header : null;
  } catch {
    return null;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The canonical form of a header whose strings are well-formed, at a third of the price: its keys are known, and strings and
 * small integers are written by RFC 8785 as by JSON.stringify.
 */
function plainText({ actor, at, kind, org, payloadHash, prev, seq, stream, v }: EventHeader): string {
  const by = JSON.stringify(actor, Object.keys(actor).sort());
  return `{"actor":${by},${JSON.stringify({ at, kind, org, payloadHash, prev, seq, stream, v }).slice(1)}`;
}
