import { z } from 'zod';
import { chainChecker, hex } from './chain.ts';
import type { ChainedEvent, ChainProblem } from './chain.ts';

// An exported log is JSON Lines: for each stream its head, then its events in order. Header and payload stand there as
// the very text that was hashed, so that the file is checked with SHA-256 alone and without Fleet's database.

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const headLine = z.strictObject({
  type: z.literal('head'),
  org: z.string(),
  stream: z.string(),
  seq: z.int().nonnegative(),
  hash,
});
const eventLine = z.strictObject({
  type: z.literal('event'),
  stream: z.string(),
  seq: z.int().positive(),
  kind: z.string(),
  at: z.iso.datetime({ precision: 3 }),
  header: z.string(),
  payload: z.string(),
  salt: z.string().regex(/^(?:[0-9a-f]{2})+$/),
  hash,
});

export const exportedLine = z.discriminatedUnion('type', [headLine, eventLine]);
export type ExportedLine = z.infer<typeof exportedLine>;

export type ExportProblem = ChainProblem & { stream: string };
export type ExportVerdict = { streams: number; events: number; problems: ExportProblem[] };

type Head = z.infer<typeof headLine>;
type Open = { head: Head; checker: ReturnType<typeof chainChecker>; broken: boolean };

/** The event as a line of an exported log; one JSON value without line breaks. */
export function exportedEvent(stream: string, event: ChainedEvent): ExportedLine {
  return {
    type: 'event',
    stream,
    seq: event.seq,
    kind: event.kind,
    at: event.at.toISOString(),
    header: new TextDecoder().decode(event.header),
    payload: new TextDecoder().decode(event.payload),
    salt: hex(event.salt),
    hash: hex(event.hash),
  };
}

/** Checks an exported log line by line; of each stream the first problem is kept. */
export function exportChecker(): { take(line: ExportedLine): void; end(): ExportVerdict } {
  const streams = new Map<string, Open>();
  const problems: ExportProblem[] = [];
  let events = 0;
  const note = (stream: string, problem: ChainProblem | null) => {
    const open = streams.get(stream);
    if (problem === null || open?.broken) return;
    if (open) open.broken = true;
    problems.push({ stream, ...problem });
  };
  return {
    take(line) {
      if (line.type === 'head') {
        if (streams.has(line.stream)) note(line.stream, { seq: line.seq, problem: 'has two heads' });
        else streams.set(line.stream, { head: line, checker: chainChecker(line), broken: false });
        return;
      }
      events += 1;
      const open = streams.get(line.stream);
      if (open) note(line.stream, open.checker.next(chained(line)));
      else note(line.stream, { seq: line.seq, problem: 'belongs to a stream whose head is not in the file' });
    },
    end() {
      for (const [stream, { head, checker }] of streams) {
        note(stream, checker.end({ seq: head.seq, hash: Buffer.from(head.hash, 'hex') }));
      }
      return { streams: streams.size, events, problems };
    },
  };
}

function chained(line: z.infer<typeof eventLine>): ChainedEvent {
  return {
    seq: line.seq,
    kind: line.kind,
    at: new Date(line.at),
    header: new TextEncoder().encode(line.header),
    payload: new TextEncoder().encode(line.payload),
    salt: Buffer.from(line.salt, 'hex'),
    hash: Buffer.from(line.hash, 'hex'),
  };
}
