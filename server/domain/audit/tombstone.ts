import { z } from 'zod';
import { AppError } from '../errors.ts';
import { actor } from '../events/actor.ts';
import { hex, sameBytes, utf8Bytes } from './bytes.ts';
import { canonicalBytes, fromCanonicalBytes } from './canonical.ts';
import { checkSignature, parseSignedText, signedNote } from './checkpoint.ts';
import type { AuditPublicKey } from './checkpoint.ts';
import type { Hashing } from './hashing.ts';

// What stands in the place of an erased payload: a signed note of two lines, whose second one is canonical JSON.

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const tombstone = z.strictObject({
  stream: z.string(),
  seq: z.int().positive(),
  /** SHA-256 of the event's header: its leaf. */
  eventHash: hash,
  /** What the header says of the payload that is gone. */
  payloadHash: hash,
  at: z.iso.datetime({ precision: 3 }),
  /** Who erased it. */
  actor,
  why: z.enum(['request', 'retention']),
  reason: z.string(),
  /** The payload without what was said in it: numbers, ids and words of a fixed set. */
  left: z.unknown(),
});
export type Tombstone = z.infer<typeof tombstone>;

const originOfErasure = (org: string) => `fleet-erasure/${org}`;

/** What is signed. */
export function tombstoneText(org: string, stone: Tombstone): string {
  return `${originOfErasure(org)}\n${new TextDecoder().decode(canonicalBytes(stone))}\n`;
}

export function tombstoneNote(
  sha256: Hashing['sha256'],
  text: string,
  by: AuditPublicKey & { signature: Uint8Array },
): string {
  return signedNote(sha256, text, by);
}

/** What a note says, whoever signed it; null for what is none. */
export function readTombstone(note: string): (Tombstone & { org: string }) | null {
  const [origin = '', json = ''] = parseSignedText(note)?.text.split('\n') ?? [];
  if (!origin.startsWith(originOfErasure(''))) return null;
  try {
    const bytes = utf8Bytes(json);
    const stone = tombstone.parse(fromCanonicalBytes(bytes));
    return sameBytes(canonicalBytes(stone), bytes) ? { ...stone, org: origin.slice(originOfErasure('').length) } : null;
  } catch {
    return null;
  }
}

/** The same of a note that Fleet keeps. */
export function getTombstone(note: string): Tombstone {
  const stone = readTombstone(note);
  if (stone === null) throw new AppError('conflict', 'The tombstone of an erased event was changed. Verify the log.');
  return stone;
}

export type Erased = { org: string; stream: string; seq: number; hash: Uint8Array; payloadHash: string; note: string };
export type Trust = { hashing: Hashing; keys: readonly AuditPublicKey[] };

/** Why the note does not account for the payload that is gone; null where it does. */
export function tombstoneProblem({ hashing, keys }: Trust, erased: Erased): string | null {
  const stone = readTombstone(erased.note);
  const signed = parseSignedText(erased.note);
  if (stone === null || signed === null) return 'its payload was erased, and its tombstone is not one Fleet writes';
  const here = stone.org === erased.org && stone.stream === erased.stream && stone.seq === erased.seq;
  if (!here || stone.eventHash !== hex(erased.hash) || stone.payloadHash !== erased.payloadHash)
    return 'its payload was erased, and its tombstone is of another event';
  const by = checkSignature(hashing, signed, keys);
  if (by === 'signed') return null;
  return by === 'unknown-key'
    ? 'its payload was erased, and its tombstone is signed by another key'
    : 'its payload was erased, and its tombstone was not signed by the key it names';
}
