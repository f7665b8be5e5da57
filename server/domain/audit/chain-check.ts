import { hex, sameBytes } from './bytes.ts';
import { chainStart, parseHeader } from './chained-event.ts';
import type { ChainHead, ChainedEvent, StreamPlace } from './chained-event.ts';
import { tombstoneProblem } from './tombstone.ts';
import type { Trust } from './tombstone.ts';

/** What was done to a chain, by what it leaves behind. */
export type ChainTampering =
  | 'missing'
  | 'repeated'
  | 'header-changed'
  | 'header-foreign'
  | 'misplaced'
  | 'copy-changed'
  | 'unlinked'
  | 'payload-changed'
  | 'payload-erased'
  | 'tombstone-invalid'
  | 'beyond-end'
  | 'end-changed';

export type ChainProblem = { seq: number; tampering: ChainTampering; problem: string };

export type ChainChecker = {
  /** Takes the next event in order of `seq`; null when it is sound. */
  next(event: ChainedEvent): ChainProblem | null;
  /** Compares with where the stream is said to end; null when nothing is missing there. */
  end(head: ChainHead): ChainProblem | null;
};

type Found = Omit<ChainProblem, 'seq'>;
const repeated: Found = { tampering: 'repeated', problem: 'is there twice' };

/** Checks a stream's events one after the other, so that a long stream needs no memory. */
export function chainChecker({ org, stream }: StreamPlace, trust: Trust): ChainChecker {
  let last = chainStart;
  return {
    next(event) {
      const due = last.seq + 1;
      const found = problemOf(event, { org, stream, last, trust });
      last = { seq: event.seq, hash: event.hash };
      return found && { seq: Math.min(event.seq, due), ...found };
    },
    end(head) {
      if (head.seq > last.seq) return { seq: last.seq + 1, ...missing(last.seq + 1, head.seq) };
      if (head.seq < last.seq) {
        return { seq: head.seq + 1, tampering: 'beyond-end', problem: 'stands beyond the end of the stream' };
      }
      if (sameBytes(head.hash, last.hash)) return null;
      return { seq: last.seq, tampering: 'end-changed', problem: 'is not the event the stream ended with' };
    },
  };
}

/** Checks some of a stream's events, in order: each by itself, and its link where the one before it is there. */
export function excerptChecker({ org, stream }: StreamPlace, trust: Trust): Pick<ChainChecker, 'next'> {
  let last = chainStart;
  return {
    next(event) {
      const before = event.seq === last.seq + 1 ? last : null;
      const found = event.seq <= last.seq ? repeated : ownProblem(event, { org, stream, last: before, trust });
      last = { seq: event.seq, hash: event.hash };
      return found && { seq: event.seq, ...found };
    },
  };
}

/** `last` is null where the event before it is not known. */
type Place = StreamPlace & { last: ChainHead | null; trust: Trust };

function problemOf(event: ChainedEvent, at: Place & { last: ChainHead }): Found | null {
  const due = at.last.seq + 1;
  if (event.seq > due) return missing(due, event.seq - 1);
  return event.seq < due ? repeated : ownProblem(event, at);
}

function ownProblem(event: ChainedEvent, at: Place): Found | null {
  if (!sameBytes(at.trust.hashing.sha256(event.header), event.hash)) {
    return { tampering: 'header-changed', problem: 'its header was changed' };
  }
  return headerProblem(event, at);
}

function headerProblem(event: ChainedEvent, at: Place): Found | null {
  const header = parseHeader(event.header);
  if (header === null) return { tampering: 'header-foreign', problem: 'its header is not one Fleet writes' };
  if (header.org !== at.org || header.stream !== at.stream || header.seq !== event.seq) {
    return { tampering: 'misplaced', problem: `was written as event ${header.seq} of stream ${header.stream}` };
  }
  if (header.kind !== event.kind || header.at !== event.at.toISOString()) {
    return { tampering: 'copy-changed', problem: 'its kind or time was changed' };
  }
  if (at.last !== null && header.prev !== hex(at.last.hash)) {
    return { tampering: 'unlinked', problem: 'does not follow the event before it' };
  }
  return payloadProblem(event, { ...at, payloadHash: header.payloadHash });
}

function payloadProblem(event: ChainedEvent, at: Place & { payloadHash: string }): Found | null {
  const { tombstone = null } = event;
  if (tombstone !== null) {
    const { org, stream, payloadHash } = at;
    const { seq, hash } = event;
    const problem = tombstoneProblem(at.trust, { org, stream, seq, hash, payloadHash, note: tombstone });
    return problem === null ? null : { tampering: 'tombstone-invalid', problem };
  }
  if (at.payloadHash === hex(at.trust.hashing.sha256(event.salt, event.payload))) return null;
  if (event.payload.length === 0) {
    return { tampering: 'payload-erased', problem: 'its payload was erased, and no signed tombstone says by whom' };
  }
  return { tampering: 'payload-changed', problem: 'its payload was changed' };
}

function missing(from: number, to: number): Found {
  return { tampering: 'missing', problem: from === to ? 'is missing' : `is missing, and all up to ${to}` };
}
