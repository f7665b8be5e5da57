import { z } from 'zod';
import { fromHex, hex, utf8Bytes } from './bytes.ts';
import type { ChainedEvent } from './chained-event.ts';

// An exported log is JSON Lines, described in docs/security/audit-log.md: what it is of, then the events in the order of the
// tree's leaves with every signed head where it was signed, then where each stream ends, then a last line. Header and
// payload stand there as the very text that was hashed. An excerpt is the same with some leaves left out, for which the
// hashes of the subtrees that they make up stand in.

export const logVersion = 1;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const logLine = z.strictObject({
  type: z.literal('log'),
  v: z.literal(logVersion),
  org: z.string(),
  keys: z.array(z.string()),
});
const eventLine = z.strictObject({
  type: z.literal('event'),
  leaf: z.int().nonnegative(),
  stream: z.string(),
  seq: z.int().positive(),
  kind: z.string(),
  at: z.iso.datetime({ precision: 3 }),
  header: z.string(),
  payload: z.string(),
  salt: z.string().regex(/^(?:[0-9a-f]{2})*$/),
  hash,
});
/** An event whose payload was erased: `tombstone` is the signed note that says by whom, when and why. */
const erasedLine = eventLine
  .omit({ payload: true, salt: true })
  .extend({ type: z.literal('erased'), tombstone: z.string().min(1) });
const headLine = z.strictObject({ type: z.literal('head'), note: z.string() });
const streamLine = z.strictObject({
  type: z.literal('stream'),
  stream: z.string(),
  kind: z.string(),
  subject: z.string(),
  seq: z.int().nonnegative(),
  hash,
});
const excerptLine = z.strictObject({
  type: z.literal('excerpt'),
  v: z.literal(logVersion),
  org: z.string(),
  keys: z.array(z.string()),
  /** What was asked for, as it was written. */
  filter: z.string(),
});
/** Leaves from `from` up to and without `to`: the hashes of the fewest perfect subtrees that they make up, in order. */
const omittedLine = z.strictObject({
  type: z.literal('omitted'),
  from: z.int().nonnegative(),
  to: z.int().positive(),
  nodes: z.array(hash),
});
/** What a stream of an excerpt is of; nothing that is proved. */
const subjectLine = z.strictObject({
  type: z.literal('subject'),
  stream: z.string(),
  kind: z.string(),
  subject: z.string(),
});
const endLine = z.strictObject({ type: z.literal('end'), events: z.int().nonnegative() });

export const exportedLine = z.discriminatedUnion('type', [
  logLine,
  excerptLine,
  eventLine,
  erasedLine,
  omittedLine,
  subjectLine,
  headLine,
  streamLine,
  endLine,
]);
export type ExportedLine = z.infer<typeof exportedLine>;
export type LineOf<Type extends ExportedLine['type']> = Extract<ExportedLine, { type: Type }>;

/** The event as a line of an exported log; one JSON value without line breaks. */
export function exportedEvent(
  place: { leaf: number; stream: string },
  event: ChainedEvent,
): LineOf<'event'> | LineOf<'erased'> {
  const { tombstone } = event;
  const at = { ...place, seq: event.seq, kind: event.kind, at: event.at.toISOString() };
  const header = new TextDecoder().decode(event.header);
  if (typeof tombstone === 'string') return { type: 'erased', ...at, header, hash: hex(event.hash), tombstone };
  return {
    type: 'event',
    ...at,
    header,
    payload: new TextDecoder().decode(event.payload),
    salt: hex(event.salt),
    hash: hex(event.hash),
  };
}

export function chainedEvent(line: LineOf<'event'> | LineOf<'erased'>): ChainedEvent {
  const gone = line.type === 'erased';
  return {
    seq: line.seq,
    kind: line.kind,
    at: new Date(line.at),
    header: utf8Bytes(line.header),
    payload: utf8Bytes(gone ? '' : line.payload),
    salt: fromHex(gone ? '' : line.salt),
    hash: fromHex(line.hash),
    tombstone: gone ? line.tombstone : null,
  };
}
