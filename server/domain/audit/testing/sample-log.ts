import { hex, utf8Bytes } from '../bytes.ts';
import { parseCheckpoint } from '../checkpoint.ts';
import { exportedLine } from '../exported-log.ts';
import type { ExportedLine, LineOf } from '../exported-log.ts';
import { keptHeads } from '../kept-heads.ts';
import { LogChecker } from '../log-checker.ts';
import { nodeHashing } from '../node-hashing.ts';
import { tombstoneText } from '../tombstone.ts';
import type { Tombstone } from '../tombstone.ts';
import { madeLog, makeKey } from './made-log.ts';
import type { MadeKey } from './made-log.ts';

// One small log of three streams and three heads, and what can be done to it.

export const key = makeKey();
export const other = makeKey();
const said = (stream: string, ...texts: unknown[]) => ({ stream, payloads: texts.map((text) => ({ text })) });

/** Leaves 0–4, 5–8, 9–11; str_c is there between the first head and the second only. */
const seals = (change: Record<string, unknown> = {}) => {
  const t = (name: string) => change[name] ?? name;
  return [
    [said('str_a', t('a1'), t('a2'), t('a3')), said('str_b', t('b1'), 'ä\u2028\u0000\ud800')],
    [said('str_a', t('a4'), t('a5')), said('str_c', t('c1'), t('c2'))],
    [said('str_b', t('b3'), t('b4')), said('str_a', t('a6'))],
  ];
};
export const made = (over: { by?: MadeKey; org?: string; change?: Record<string, unknown> } = {}) => [
  ...madeLog({ key: over.by ?? key, seals: seals(over.change), ...(over.org ? { org: over.org } : {}) }),
];
export const log = made();

export type Check = { hashing?: typeof nodeHashing; kept?: string; trusted?: MadeKey | null };

export function check(lines: ExportedLine[], { hashing = nodeHashing, kept = '', trusted = key }: Check = {}) {
  const keys = trusted ? [trusted.key] : undefined;
  const checker = new LogChecker({ hashing, keys, kept: keptHeads(kept) });
  for (const line of lines) checker.take(exportedLine.parse(JSON.parse(JSON.stringify(line))));
  return checker.end();
}

export type Event = LineOf<'event'>;
export const isEvent = (line: ExportedLine): line is Event => line.type === 'event';
export const at = (stream: string, seq: number) =>
  log.findIndex((line) => isEvent(line) && line.stream === stream && line.seq === seq);
export const eventAt = (stream: string, seq: number) => log[at(stream, seq)] as Event;
export const headAt = (n: number) => log.filter(({ type }) => type === 'head')[n] as LineOf<'head'>;
export const put = (line: ExportedLine, stream: string, seq: number) => log.with(at(stream, seq), line);
export const edit = (stream: string, seq: number, change: Partial<Event>) =>
  put({ ...eventAt(stream, seq), ...change }, stream, seq);
export const without = (drop: (line: ExportedLine) => boolean) => log.filter((line) => !drop(line));

/** Gives every event the leaf number of its place, as somebody who covers his tracks would. */
export const renumbered = (lines: ExportedLine[]) => {
  let leaf = 0;
  return lines.map((line) => (isEvent(line) ? { ...line, leaf: leaf++ } : line));
};
/** Puts another header into an event, with a hash that fits. */
export const reheaded = (stream: string, seq: number, change: (header: string) => string) => {
  const header = change(eventAt(stream, seq).header);
  return edit(stream, seq, { header, hash: hex(nodeHashing.sha256(utf8Bytes(header))) });
};
export const withEnd = (lines: ExportedLine[]) => {
  const events = lines.filter(isEvent).length;
  return lines.map((line) => (line.type === 'end' ? { ...line, events } : line));
};
export const cutAt = (n: number) => {
  const lines = log.slice(0, log.indexOf(headAt(n)) + 1);
  const last = new Map(lines.filter(isEvent).map((line) => [line.stream, line]));
  const ends = [...last.values()].map(({ stream, seq, hash }) => ({
    ...{ type: 'stream' as const, stream, kind: 'run', subject: 'x', seq, hash },
  }));
  return withEnd([...lines, ...ends, { type: 'end', events: 0 }]);
};
export const kept = headAt(2).note;

export function rootOf(n: number): Uint8Array {
  return parseCheckpoint(headAt(n).note)?.root ?? none();
}

export function trailers(n: number): string {
  const { size } = parseCheckpoint(headAt(n).note) ?? none();
  const { seq, hash } = eventAt('str_a', 2);
  return `    Fleet-Audit-Head: ${seq}:${hash}\n    Fleet-Audit-Tree: ${size}:${hex(rootOf(n))} c2lnbmF0dXJl\n`;
}

/** What somebody with the whole database and without the key can do: everything but sign. */
export function rewritten(): ExportedLine[] {
  const forged = made({ change: { a5: 'never happened' } });
  return forged.map((line, index) => (line.type === 'head' ? (log[index] ?? line) : line));
}

export function withAdded(): ExportedLine[] {
  const longer = [
    ...madeLog({ key, seals: [...seals().slice(0, 2), [said('str_b', 'b3', 'b4'), said('str_a', 'a6', 'a7')]] }),
  ];
  const added = longer.find((line) => isEvent(line) && line.stream === 'str_a' && line.seq === 7) as Event;
  return log.toSpliced(log.indexOf(headAt(2)) + 1, 0, added);
}

export function bent(note: string): string {
  const at = note.lastIndexOf('=') - 10;
  return note.slice(0, at) + (note[at] === 'A' ? 'B' : 'A') + note.slice(at + 1);
}

type Told = Partial<Pick<Tombstone, 'stream' | 'seq' | 'payloadHash' | 'eventHash' | 'reason'>>;

/** The event without its payload, and a tombstone for it; `over` and `by` are what somebody makes of that. */
export function erased(
  stream: string,
  seq: number,
  { by = key, org = 'org_1', ...over }: Told & { by?: MadeKey; org?: string } = {},
): LineOf<'erased'> {
  const { leaf, kind, at: when, header, hash } = eventAt(stream, seq);
  const line = { leaf, stream, seq, kind, at: when, header, hash };
  const { payloadHash } = JSON.parse(line.header) as { payloadHash: string };
  const stone: Tombstone = {
    ...{ stream, seq, eventHash: line.hash, payloadHash, at: '2026-11-28T10:00:00.000Z', why: 'request' },
    ...{ actor: { type: 'user', userId: 'usr_1' }, reason: 'a customer’s name', left: null },
    ...over,
  };
  return { ...line, type: 'erased', tombstone: by.signed(tombstoneText(org, stone)) };
}

function none(): never {
  throw new Error('the sample has no such head');
}
