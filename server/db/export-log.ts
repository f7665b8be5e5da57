import { hex } from '../domain/audit/bytes.ts';
import { verifierKey } from '../domain/audit/checkpoint.ts';
import type { AuditPublicKey } from '../domain/audit/checkpoint.ts';
import { exportedEvent, logVersion } from '../domain/audit/exported-log.ts';
import type { ExportedLine } from '../domain/audit/exported-log.ts';
import { headNote } from '../domain/audit/head-note.ts';
import type { SealedHead } from '../domain/audit/head-note.ts';
import { nodeHashing } from '../domain/audit/node-hashing.ts';
import { AppError } from '../domain/errors.ts';
import type { OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';
import { readLeaves } from './read-leaves.ts';

const { sha256 } = nodeHashing;
const mostLeaves = 500;

type Export = {
  /** The size of a signed head: the log up to it is what is exported. */
  size: number;
  keys: readonly AuditPublicKey[];
};

type ExportPage = { lines: ExportedLine[]; next: number | null };

/** A page of the exported log from the leaf `from` on; whoever goes on from `next` misses nothing and has nothing twice. */
async function exportPage(db: OrgTx, of: Export & { from: number }): Promise<ExportPage> {
  const raw = rawOf(db);
  const { from, size, keys } = of;
  const to = Math.min(size, from + mostLeaves);
  const lines: ExportedLine[] = [];
  if (from === 0) {
    lines.push({ type: 'log', v: logVersion, org: raw.orgId, keys: keys.map((key) => verifierKey(sha256, key)) });
  }
  const [leaves, heads] = [await readLeaves(raw, { from, to }), await headsBetween(raw, from, to)];
  for (const { leaf, stream, ...event } of leaves) {
    lines.push(exportedEvent({ leaf, stream }, event));
    const head = heads.get(leaf + 1);
    if (head) lines.push({ type: 'head', note: headNote(sha256, raw.orgId, { head, keys }) });
  }
  if (to < size) return { lines, next: to };
  return { lines: [...lines, ...(await endOf(raw, size))], next: null };
}

/** The log from the leaf `from` on, a page of lines at a time. */
export async function* exportPages(db: OrgTx, of: Export & { from?: number }): AsyncGenerator<ExportedLine[]> {
  const start = of.from ?? 0;
  // What was broken off right behind an event lacks the head that was signed there; twice is no harm.
  const head = start > 0 ? (await headsBetween(rawOf(db), start - 1, start)).get(start) : undefined;
  if (head) yield [{ type: 'head', note: headNote(sha256, rawOf(db).orgId, { head, keys: of.keys }) }];
  for (let from: number | null = start; from !== null;) {
    const page: ExportPage = await exportPage(db, { ...of, from });
    yield page.lines;
    from = page.next;
  }
}

/** The whole of it, a line at a time. */
export async function* exportLines(db: OrgTx, of: Export): AsyncGenerator<ExportedLine> {
  for await (const lines of exportPages(db, of)) yield* lines;
}

/** Signed heads of more than `after` and at most `upTo` events, by their size. */
export async function headsBetween(raw: Raw, after: number, upTo: number): Promise<Map<number, SealedHead>> {
  const rows = await raw.query<{ size: number; root: Buffer; keyId: string; signature: Buffer; at: Date }>({
    text: `select size, root, key_id as "keyId", signature, at from tree_head where org_id = $1 and size > $2 and size <= $3`,
    values: [raw.orgId, after, upTo],
  });
  return new Map(rows.map((row) => [row.size, row]));
}

type EndRow = { stream: string; kind: string; subject: string; seq: number; hash: Buffer | null };

/** Where the streams end as far as the tree has them. */
async function endOf(raw: Raw, size: number): Promise<ExportedLine[]> {
  const rows = await raw.query<EndRow>({
    text: `
      select s.id as stream, s.kind::text as kind, s.subject, g.seq, e.hash
      from (
        select stream_id, max(least(to_seq, from_seq + ($2 - 1 - start))) as seq from tree_segment
        where org_id = $1 and start < $2 group by stream_id
      ) g
      join stream s on s.org_id = $1 and s.id = g.stream_id
      left join event e on e.org_id = $1 and e.stream_id = g.stream_id and e.seq = g.seq
      order by s.id`,
    values: [raw.orgId, size],
  });
  const none = '0'.repeat(64);
  const ends = rows.map(({ hash, ...row }) => ({ type: 'stream' as const, ...row, hash: hash ? hex(hash) : none }));
  return [...ends, { type: 'end', events: size }];
}

/** The head that was signed at that size. Throws AppError `invalid_input` where there is none. */
export async function headSealedAt(db: OrgTx, size: number): Promise<SealedHead> {
  const head = (await headsBetween(rawOf(db), size - 1, size)).get(size);
  if (head) return head;
  throw new AppError('invalid_input', `No head was signed at ${size} events. Begin the export anew.`);
}
