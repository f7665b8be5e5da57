import type { OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';

export type Place = { stream: string; seq: number };

export type Erasable = Place & {
  kind: string;
  log: 'org' | 'run';
  subject: string;
  at: Date;
  header: Buffer;
  payload: Buffer;
  hash: Buffer;
};

/** The whole of one event; null when it is not there. */
export async function findErasable(db: OrgTx, { stream, seq }: Place): Promise<Erasable | null> {
  const raw = rawOf(db);
  const [row] = await raw.query<Erasable>({
    text: `select e.stream_id as stream, e.seq, e.kind, s.kind::text as log, s.subject, e.at, e.header, e.payload, e.hash
      from event e join stream s on s.org_id = e.org_id and s.id = e.stream_id
      where e.org_id = $1 and e.stream_id = $2 and e.seq = $3`,
    values: [raw.orgId, stream, seq],
  });
  return row ?? null;
}

/** Blanks one event and leaves the tombstone; false when its payload is gone already, or was never there. */
export async function eraseEvent(
  tx: OrgTx,
  { stream, seq, ...put }: Place & { tombstone: string; at: Date },
): Promise<boolean> {
  const [answer] = await rawOf(tx).query<{ erased: boolean }>({
    name: 'erase_event',
    text: 'select erase_event($1, $2, $3, $4) as erased',
    values: [stream, seq, put.tombstone, put.at],
  });
  return answer?.erased ?? false;
}

/** The tombstones of these events, by `stream/seq`; there is none of an event that has its payload. */
export async function tombstonesOf(raw: Raw, places: Place[]): Promise<Map<string, string>> {
  if (places.length === 0) return new Map();
  const rows = await raw.query<Place & { tombstone: string }>({
    text: `select x.stream_id as stream, x.seq, x.tombstone from erasure x
      join unnest($2::text[], $3::int[]) as p (stream, seq) on p.stream = x.stream_id and p.seq = x.seq where x.org_id = $1`,
    values: [raw.orgId, places.map(({ stream }) => stream), places.map(({ seq }) => seq)],
  });
  return new Map(rows.map(({ stream, seq, tombstone }) => [`${stream}/${seq}`, tombstone]));
}

type Naming = { ids: string[]; besides: Place[]; since: Date | null };

/** Which of these whole outputs and images a call names whose payload is there, but for those calls; `since`: of calls from then on alone. */
export async function namedOutputs(db: OrgTx, { ids, besides, since }: Naming): Promise<string[]> {
  if (ids.length === 0) return [];
  const raw = rawOf(db);
  const rows = await raw.query<{ id: string }>({
    text: `select distinct named[1] as id
      from event e, regexp_matches(encode(e.payload, 'escape'), '"blobId":"([^"]+)"', 'g') named
      where e.org_id = $1 and e.kind = 'tool.finished' and position('"blobId":"'::bytea in e.payload) > 0
        and ($3::timestamptz is null or e.at >= $3) and named[1] = any($2)
        and not exists (select from unnest($4::text[], $5::int[]) b (stream, seq) where b.stream = e.stream_id and b.seq = e.seq)`,
    values: [raw.orgId, ids, since, besides.map(({ stream }) => stream), besides.map(({ seq }) => seq)],
  });
  return rows.map(({ id }) => id);
}

/** Drops the bytes of these; what had hash and size stays. Returns how many had bytes. */
export async function eraseBlobs(tx: OrgTx, ids: string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const [row] = await rawOf(tx).query<{ gone: number }>({ text: 'select erase_blobs($1) as gone', values: [ids] });
  return row?.gone ?? 0;
}
