import { headsDigest } from '../domain/audit/chain.ts';
import { chainChecker } from '../domain/audit/chain-check.ts';
import type { ChainProblem, ChainTampering } from '../domain/audit/chain-check.ts';
import type { AuditPublicKey } from '../domain/audit/checkpoint.ts';
import type { ChainedEvent } from '../domain/audit/chained-event.ts';
import { nodeHashing } from '../domain/audit/node-hashing.ts';
import type { OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';

export type Verification = {
  ok: boolean;
  streams: number;
  events: number;
  /** Of these: how many have a tombstone in the place of their payload. */
  erased: number;
  /** Digest of where all streams stand, hex. */
  head: string;
  /** The first event that is not what was written: streams in the order they were opened. */
  firstBad: {
    streamId: string;
    kind: 'run' | 'org';
    subject: string;
    seq: number;
    tampering: ChainTampering;
    problem: string;
  } | null;
};

type StreamRow = { id: string; kind: 'run' | 'org'; subject: string; head_seq: number; head_hash: Buffer };

const pageSize = 500;

/**
 * Recomputes the chain of every stream of the org from the stored bytes. Streams that grow meanwhile are checked up to
 * where they stood at the start. `keys` are those that tombstones of erased payloads may be signed by.
 */
export async function verifyStreams(
  db: OrgTx,
  { orgId, keys = [] }: { orgId: string; keys?: AuditPublicKey[] },
): Promise<Verification> {
  const raw = rawOf(db);
  const streams = await raw.query<StreamRow>({
    text: 'select id, kind, subject, head_seq, head_hash from stream where org_id = $1 order by id',
    values: [orgId],
  });
  let [events, erased] = [0, 0];
  let firstBad: Verification['firstBad'] = null;
  for (const stream of streams) {
    const checked = await checkStream(raw, stream, keys);
    events += checked.events;
    erased += checked.erased;
    const { id: streamId, kind, subject } = stream;
    if (checked.problem) firstBad ??= { streamId, kind, subject, ...checked.problem };
  }
  const heads = streams.map(({ id, head_seq, head_hash }) => ({ stream: id, seq: head_seq, hash: head_hash }));
  return { ok: firstBad === null, streams: streams.length, events, erased, head: headsDigest(orgId, heads), firstBad };
}

type Checked = { events: number; erased: number; problem: ChainProblem | null };

async function checkStream(raw: Raw, stream: StreamRow, keys: AuditPublicKey[]): Promise<Checked> {
  const checker = chainChecker({ org: raw.orgId, stream: stream.id }, { hashing: nodeHashing, keys });
  let [events, erased] = [0, 0];
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = await readPage(raw, { stream, after });
    for (const event of page) {
      events += 1;
      if (typeof event.tombstone === 'string') erased += 1;
      const problem = checker.next(event);
      if (problem !== null) return { events, erased, problem };
    }
    after = page.at(-1)?.seq ?? after;
    if (page.length < pageSize) break;
  }
  return { events, erased, problem: checker.end({ seq: stream.head_seq, hash: stream.head_hash }) };
}

/**
 * Rows beyond the head are evidence too, unless the stream has grown since: so the head is asked again in the same
 * statement, and rows up to the newer one are left to the next check.
 */
function readPage(raw: Raw, { stream, after }: { stream: StreamRow; after: number }): Promise<ChainedEvent[]> {
  return raw.query<ChainedEvent>({
    name: 'verify_page',
    text: `select e.seq, e.kind, e.at, e.header, e.payload, e.salt, e.hash, x.tombstone
      from event e join stream s on s.org_id = e.org_id and s.id = e.stream_id
      left join erasure x on x.org_id = e.org_id and x.stream_id = e.stream_id and x.seq = e.seq and length(e.payload) = 0
      where e.org_id = $1 and e.stream_id = $2 and e.seq > $3 and (e.seq <= $4 or e.seq > s.head_seq)
      order by e.seq limit $5`,
    values: [raw.orgId, stream.id, Math.max(after, -2_147_483_648), stream.head_seq, pageSize],
  });
}
