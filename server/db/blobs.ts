import { createHash } from 'node:crypto';
import { AppError } from '../domain/errors.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { OrgDb } from './connect.ts';
import { newId } from './new-id.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';

const chunkBytes = 512 * 1024;

/** Large outputs in the database, whole and unchanged, shared by content within the org only. */
export function blobsFor(db: OrgDb, orgId: string): Blobs {
  return {
    async put(bytes) {
      const sha256 = digest(bytes);
      const found =
        (await idOf(rawOf(db), sha256, bytes.byteLength)) ?? (await db.$transaction((tx) => write(rawOf(tx), bytes)));
      return { id: found, sha256, size: bytes.byteLength };
    },

    async get(id) {
      const raw = rawOf(db);
      const [blob] = await raw.query<{ sha256: string; size: number }>({
        text: 'select sha256, size from blob where org_id = $1 and id = $2',
        values: [orgId, id],
      });
      if (!blob) throw new AppError('not_found', 'There is no such output.');
      const chunks = await raw.query<{ data: Buffer }>({
        text: 'select data from blob_chunk where org_id = $1 and blob_id = $2 order by n',
        values: [orgId, id],
      });
      const bytes = Buffer.concat(chunks.map(({ data }) => data));
      if (chunks.length === 0 && blob.size > 0) throw new AppError('not_found', 'This output was erased.');
      if (digest(bytes) !== blob.sha256) throw new Error(`blob ${id} is not what was stored`);
      return bytes;
    },
  };
}

/** Null also where its bytes were erased: then they are put again, under the same id. */
async function idOf(raw: Raw, sha256: string, size = 0): Promise<string | null> {
  const [row] = await raw.query<{ id: string }>({
    text: `select id from blob b where org_id = $1 and sha256 = $2
      and ($3 = 0 or exists (select from blob_chunk c where c.org_id = b.org_id and c.blob_id = b.id))`,
    values: [raw.orgId, sha256, size],
  });
  return row?.id ?? null;
}

/** Of two that put the same bytes at once, the second waits for the first and finds its row. */
async function write(raw: Raw, bytes: Uint8Array): Promise<string> {
  const { orgId } = raw;
  const fresh = newId('blob');
  const sha256 = digest(bytes);
  const made = await raw.query({
    text: `insert into blob (org_id, id, sha256, size, created_at) values ($1, $2, $3, $4, now())
      on conflict (org_id, sha256) do nothing returning id`,
    values: [orgId, fresh, sha256, bytes.byteLength],
  });
  const id = made.length > 0 ? fresh : ((await idOf(raw, sha256)) ?? fresh);
  if (made.length === 0 && (await idOf(raw, sha256, bytes.byteLength)) !== null) return id;
  for (let n = 0; n * chunkBytes < bytes.byteLength; n++) {
    const data = Buffer.from(bytes.subarray(n * chunkBytes, (n + 1) * chunkBytes));
    await raw.query({
      name: 'put_chunk',
      text: 'insert into blob_chunk (org_id, blob_id, n, data) values ($1, $2, $3, $4)',
      values: [orgId, id, n, data],
    });
  }
  return id;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
