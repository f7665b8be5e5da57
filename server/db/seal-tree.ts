import { joined } from '../domain/audit/bytes.ts';
import { checkpointText, originOf } from '../domain/audit/checkpoint.ts';
import type { SealedHead } from '../domain/audit/head-note.ts';
import { growingTree, leafHash, peaksOf } from '../domain/audit/merkle.ts';
import type { GrowingTree, Subtree } from '../domain/audit/merkle.ts';
import { nodeHashing } from '../domain/audit/node-hashing.ts';
import { AppError } from '../domain/errors.ts';
import type { AuditKeys, AuditSigner } from '../domain/ports/audit-keys.ts';
import type { Database } from './connect.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';

/** Subtrees of 2^8, 2^16 … leaves are kept for proofs. */
export const keptLevels = 8;

/** Events that one transaction takes in: a long log that was never sealed is sealed in steps. */
const mostLeaves = 20_000;
const page = 5_000;
const { sha256 } = nodeHashing;

type Sealing = { orgId: string; keys: AuditKeys; now: Date };

/**
 * Takes every event that the org's tree does not have yet into it and signs the new head; returns the head that holds then,
 * null for an org without events. Throws AppError `conflict` when an event that a stream's head counts is not there: what is
 * not whole is not signed.
 */
export async function sealTree(database: Database, { orgId, keys, now }: Sealing): Promise<SealedHead | null> {
  const signer = await keys.signer();
  for (;;) {
    const { head, more } = await database.transaction(orgId, (tx) => sealStep(rawOf(tx), { signer, now }));
    if (!more) return head;
  }
}

type HeadRow = { size: number; root: Buffer; peaks: Buffer; key_id: string; signature: Buffer; at: Date };
type Fresh = { id: string; head_seq: number; sealed: number };
type Segment = { start: number; stream: string; from: number; to: number };

async function sealStep(raw: Raw, { signer, now }: { signer: AuditSigner; now: Date }) {
  // One sealer at a time: the second of two goes on from the first one's head.
  await raw.query({ text: `select pg_advisory_xact_lock(hashtextextended('tree/' || $1, 0))`, values: [raw.orgId] });
  const last = await lastHead(raw);
  const segments = segmentsOf(await freshStreams(raw), last?.size ?? 0);
  if (segments.length === 0) return { head: last && headOf(last), more: false };
  const tree = growingTree(sha256, last ? { size: last.size, peaks: split(last.peaks) } : undefined);
  const nodes: Subtree[] = [];
  for (const segment of segments) nodes.push(...(await take(raw, tree, segment)));
  const head = sign(raw.orgId, { tree, signer, now });
  await write(raw, { segments, nodes, head, peaks: joined(tree.peaks()) });
  return { head, more: tree.size() - (last?.size ?? 0) >= mostLeaves };
}

async function lastHead(raw: Raw): Promise<HeadRow | null> {
  const [row] = await raw.query<HeadRow>({
    text: 'select size, root, peaks, key_id, signature, at from tree_head where org_id = $1 order by size desc limit 1',
    values: [raw.orgId],
  });
  return row ?? null;
}

/** The last signed head of the org; null before the first. */
export async function readTreeHead(db: object): Promise<SealedHead | null> {
  const row = await lastHead(rawOf(db));
  return row && headOf(row);
}

const headOf = ({ size, root, key_id: keyId, signature, at }: HeadRow): SealedHead => ({
  ...{ size, keyId, at },
  root: new Uint8Array(root),
  signature: new Uint8Array(signature),
});

function split(peaks: Uint8Array): Uint8Array[] {
  return Array.from({ length: peaks.length / 32 }, (_, n) => peaks.subarray(32 * n, 32 * n + 32));
}

/** Streams with events beyond what the tree has of them, in the order they were opened. */
function freshStreams(raw: Raw): Promise<Fresh[]> {
  return raw.query<Fresh>({
    text: `select s.id, s.head_seq, coalesce(g.to_seq, 0) as sealed
      from stream s left join lateral (
        select to_seq from tree_segment g where g.org_id = s.org_id and g.stream_id = s.id order by from_seq desc limit 1
      ) g on true
      where s.org_id = $1 and s.head_seq > coalesce(g.to_seq, 0) order by s.id`,
    values: [raw.orgId],
  });
}

function segmentsOf(streams: Fresh[], size: number): Segment[] {
  const segments: Segment[] = [];
  let start = size;
  for (const { id, head_seq, sealed } of streams) {
    const count = Math.min(head_seq - sealed, size + mostLeaves - start);
    if (count === 0) break;
    segments.push({ start, stream: id, from: sealed + 1, to: sealed + count });
    start += count;
  }
  return segments;
}

async function take(raw: Raw, tree: GrowingTree, { stream, from, to }: Segment): Promise<Subtree[]> {
  const kept: Subtree[] = [];
  for (let first = from; first <= to; first += page) {
    const last = Math.min(to, first + page - 1);
    const rows = await raw.query<{ hash: Buffer }>({
      text: `select hash from event where org_id = $1 and stream_id = $2 and seq between $3 and $4 order by seq`,
      values: [raw.orgId, stream, first, last],
    });
    if (rows.length !== last - first + 1) throw notWhole(stream, first, last);
    for (const { hash } of rows) {
      for (const made of tree.append(leafHash(sha256, hash))) if (made.level % keptLevels === 0) kept.push(made);
    }
  }
  return kept;
}

function notWhole(stream: string, from: number, to: number): AppError {
  const message = `The audit log is not whole: stream ${stream} lacks an event between ${from} and ${to}. Keep the database as it is and verify the log on the Audit page.`;
  return new AppError('conflict', message, { stream, from, to });
}

function sign(orgId: string, { tree, signer, now }: { tree: GrowingTree; signer: AuditSigner; now: Date }): SealedHead {
  const [size, root] = [tree.size(), new Uint8Array(tree.root())];
  const text = checkpointText({ origin: originOf(orgId), size, root });
  return { size, root, keyId: signer.name, signature: signer.sign(text), at: now };
}

type Written = { segments: Segment[]; nodes: Subtree[]; head: SealedHead; peaks: Uint8Array };

async function write(raw: Raw, { segments, nodes, head, peaks }: Written): Promise<void> {
  if (peaks.length !== 32 * peaksOf(head.size)) throw new Error('the tree lost a subtree');
  await raw.query({
    text: `insert into tree_segment (org_id, start, stream_id, from_seq, to_seq)
      select $1, * from unnest($2::int[], $3::text[], $4::int[], $5::int[])`,
    values: [
      raw.orgId,
      segments.map(({ start }) => start),
      segments.map(({ stream }) => stream),
      segments.map(({ from }) => from),
      segments.map(({ to }) => to),
    ],
  });
  await raw.query({
    text: `insert into tree_node (org_id, level, index, hash) select $1, * from unnest($2::int[], $3::int[], $4::bytea[])`,
    values: [
      raw.orgId,
      nodes.map(({ level }) => level),
      nodes.map(({ index }) => index),
      nodes.map(({ hash }) => hash),
    ],
  });
  await raw.query({
    text: `insert into tree_head (org_id, size, root, peaks, key_id, signature, at) values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [raw.orgId, head.size, head.root, peaks, head.keyId, head.signature, head.at],
  });
}
