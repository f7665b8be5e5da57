import { z } from 'zod';
import { hex } from './bytes.ts';
import { parseCheckpoint } from './checkpoint.ts';

/** What somebody kept of a log outside of it, to hold the log to later. Hashes are hex. */
export type KeptHead =
  | { type: 'tree'; size: number; root: string; origin: string | null }
  | { type: 'event'; seq: number; hash: string }
  | { type: 'hash'; hash: string };

const note = /[^\n]+\n\d+\n[^\n]+\n\n(?:— [^\n]+\n)+/g;
const treeTrailer = /^\s*Fleet-Audit-Tree: (\d{1,15}):([0-9a-f]{64})(?:\s|$)/gm;
const eventTrailer = /^\s*Fleet-Audit-Head: (\d{1,15}):([0-9a-f]{64})\s*$/gm;
const bare = /^(?:(\d{1,15}):)?([0-9a-f]{64})$/;

/**
 * Every head that a text holds: signed notes, alone or in JSON Lines as Fleet writes and sends them, the trailers of merge commits as `git log` prints them, or one head alone as
 * `SIZE:ROOT` or as a bare hash.
 */
export function keptHeads(text: string): KeptHead[] {
  const [, size, only] = bare.exec(text.trim()) ?? [];
  if (only !== undefined) {
    return [size === undefined ? { type: 'hash', hash: only } : treeOf(Number(size), only)];
  }
  const plain = unwrapped(text.replaceAll('\r\n', '\n'));
  const notes = [...plain.matchAll(note)].flatMap(([found]) => {
    const read = parseCheckpoint(found);
    return read ? [{ ...treeOf(read.size, hex(read.root)), origin: read.origin }] : [];
  });
  const trees = [...plain.matchAll(treeTrailer)].map(([, at = '', root = '']) => treeOf(Number(at), root));
  const events = [...plain.matchAll(eventTrailer)].map(([, seq = '', hash = '']) => ({
    type: 'event' as const,
    seq: Number(seq),
    hash,
  }));
  return [...notes, ...trees, ...events];
}

const headLine = z.object({ type: z.literal('head'), note: z.string() });
const message = z.object({ data: headLine });

/** The notes in place of lines of JSON that have one: those of an exported log, and bodies of a webhook's messages. */
function unwrapped(text: string): string {
  if (!text.includes('{')) return text;
  const lines = text.split('\n').map((line) => {
    const head = line.startsWith('{') ? noteIn(line) : null;
    return head === null ? line : `\n${head}`;
  });
  return lines.join('\n');
}

function noteIn(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line);
    return (headLine.safeParse(value).data ?? message.safeParse(value).data?.data)?.note ?? null;
  } catch {
    return null;
  }
}

const treeOf = (size: number, root: string) => ({ type: 'tree' as const, size, root, origin: null });
