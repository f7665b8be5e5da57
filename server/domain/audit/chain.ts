import type { Actor } from '../events/actor.ts';
import { hex } from './bytes.ts';
import { canonicalBytes } from './canonical.ts';
import type { ChainHead, ChainedEvent, EventHeader, StreamPlace } from './chained-event.ts';
import { nodeHashing } from './node-hashing.ts';

const { sha256 } = nodeHashing;

export const saltBytes = 16;

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
    payloadHash: hex(sha256(salt, payload)),
    prev: hex(head.hash),
  } satisfies EventHeader);
  return { seq, kind, at, header, payload, salt, hash: sha256(header) };
}

/** One number for where all streams of an org stand: whoever keeps it can later tell that nothing before it changed. */
export function headsDigest(org: string, heads: (ChainHead & { stream: string })[]): string {
  const streams = heads
    .map(({ stream, seq, hash }) => ({ stream, seq, hash: hex(hash) }))
    .sort((a, b) => (a.stream < b.stream ? -1 : 1));
  return hex(sha256(canonicalBytes({ v: 1, org, streams })));
}
