import { hex } from '../domain/audit/bytes.ts';
import { verifierKey } from '../domain/audit/checkpoint.ts';
import type { AuditPublicKey } from '../domain/audit/checkpoint.ts';
import { exportedEvent, logVersion } from '../domain/audit/exported-log.ts';
import type { ExportedLine } from '../domain/audit/exported-log.ts';
import { headNote } from '../domain/audit/head-note.ts';
import { growingTree, leafHash, subtreesBetween } from '../domain/audit/merkle.ts';
import type { TreeReader } from '../domain/audit/merkle.ts';
import { nodeHashing } from '../domain/audit/node-hashing.ts';
import type { OrgTx } from './connect.ts';
import { headsBetween } from './export-log.ts';
import type { LogQuery } from './log-query.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';
import { readLeafHashes, readLeaves } from './read-leaves.ts';
import type { LeafRow } from './read-leaves.ts';
import { notWhole, treeReader } from './read-tree.ts';

const { sha256 } = nodeHashing;

/** A power of two, so that what lies before a page is made of large subtrees, whose hashes are kept. */
const pageLeaves = 1024;

export type Excerpt = {
  query: LogQuery;
  /** The query as it was asked. */
  filter: string;
  /** The size of a signed head. */
  size: number;
  keys: readonly AuditPublicKey[];
  /** The first leaf; from another than 0 on it is what follows an excerpt that was broken off there. */
  from?: number;
};

/** The events that are asked for, each provable under the signed head: hashes stand for what is left out. */
export async function* excerptPages(db: OrgTx, of: Excerpt): AsyncGenerator<ExportedLine[]> {
  const raw = rawOf(db);
  const { filter, size, keys, from = 0 } = of;
  const named = keys.map((key) => verifierKey(sha256, key));
  if (from === 0) yield [{ type: 'excerpt', v: logVersion, org: raw.orgId, keys: named, filter }];
  const seen = new Set<string>();
  let open = from;
  for await (const { leaves, to } of matchingPages(raw, { ...of, from })) {
    if (leaves.length === 0) continue;
    const start = Math.max(from, Math.floor((to - 1) / pageLeaves) * pageLeaves);
    const lines = await omitted(treeReader(raw), open, start);
    yield [...lines, ...(await pageOf(raw, { leaves, start, to, seen }))];
    open = to;
  }
  const head = (await headsBetween(raw, size - 1, size)).get(size);
  const tail = await omitted(treeReader(raw), open, size);
  const note = head ? [{ type: 'head' as const, note: headNote(sha256, raw.orgId, { head, keys }) }] : [];
  yield [...tail, ...note, { type: 'end', events: size }];
}

/** The events alone, in the same order. */
export async function* leafPages(db: OrgTx, of: Pick<Excerpt, 'query' | 'size' | 'from'>): AsyncGenerator<LeafRow[]> {
  for await (const { leaves } of matchingPages(rawOf(db), of)) yield leaves;
}

async function* matchingPages(raw: Raw, { query, size, from = 0 }: Pick<Excerpt, 'query' | 'size' | 'from'>) {
  for (let at = from; at < size;) {
    const to = Math.min(size, at - (at % pageLeaves) + pageLeaves);
    yield { leaves: await readLeaves(raw, { from: at, to, query }), to };
    at = to;
  }
}

async function omitted(tree: TreeReader, from: number, to: number): Promise<ExportedLine[]> {
  if (from >= to) return [];
  const nodes: string[] = [];
  for (const { level, index } of subtreesBetween(from, to)) nodes.push(hex(await tree.node(level, index)));
  return [{ type: 'omitted', from, to, nodes }];
}

type Page = { leaves: LeafRow[]; start: number; to: number; seen: Set<string> };

async function pageOf(raw: Raw, { leaves, start, to, seen }: Page): Promise<ExportedLine[]> {
  const hashes = await readLeafHashes(raw, { from: start, to });
  if (hashes.length !== to - start) throw notWhole({ from: start, to });
  const tree: TreeReader = {
    sha256,
    node(level, index) {
      const grown = growingTree(sha256);
      const first = index * 2 ** level - start;
      for (const hash of hashes.slice(first, first + 2 ** level)) grown.append(leafHash(sha256, hash));
      return Promise.resolve(grown.root());
    },
  };
  const lines: ExportedLine[] = [];
  let open = start;
  for (const { leaf, stream, log, subject, ...event } of leaves) {
    lines.push(...(await omitted(tree, open, leaf)));
    if (!seen.has(stream)) lines.push({ type: 'subject', stream, kind: log, subject });
    seen.add(stream);
    lines.push(exportedEvent({ leaf, stream }, event));
    open = leaf + 1;
  }
  return [...lines, ...(await omitted(tree, open, to))];
}
