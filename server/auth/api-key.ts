import { randomBytes } from 'node:crypto';
import type { Database } from '../db/connect.ts';
import { isKey, keyScopes, type KeyScope } from '../domain/authz/key-scopes.ts';
import { secretDigest } from '../domain/authz/secret-digest.ts';
import { newSecret } from './new-secret.ts';

/** Whom a key speaks for, and within what. */
export type KeyHolder = {
  keyId: string;
  prefix: string;
  orgId: string;
  serviceAccountId: string;
  name: string;
  scopes: readonly KeyScope[];
  expiresAt: Date;
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A new key. The letters of its prefix are not quite equally likely, which costs nothing: the prefix names, it keeps no secret. */
export function newKey(): string {
  const name = [...randomBytes(8)].map((byte) => letters[byte % letters.length]).join('');
  return `flt_${name}_${newSecret()}`;
}

/** The key in these headers: `none` without a bearer (proxies may send other fields), `bad` for one that is no key of ours. */
export function keyIn(headers: Headers): { key: string } | 'none' | 'bad' {
  const field = headers.get('authorization');
  if (field === null || !/^bearer\b/i.test(field)) return 'none';
  const key = /^bearer +(\S+)$/i.exec(field)?.[1] ?? '';
  return isKey(key) ? { key } : 'bad';
}

const noteMs = 60_000;

/** Whom a key speaks for; null for one that is unknown, expired or revoked, or whose account is retired. */
export async function keyHolder(database: Database, key: string, now: Date): Promise<KeyHolder | null> {
  const where = { kind_key: { kind: 'api-key', key: secretDigest(key) } };
  const found = await database.system.locator.findUnique({ where });
  return found === null ? null : holderById(database, { orgId: found.orgId, keyId: found.target }, now);
}

/** The same by its id, for a stream that looks again whether its key still holds. */
export async function holderById(
  database: Database,
  { orgId, keyId: id }: { orgId: string; keyId: string },
  now: Date,
): Promise<KeyHolder | null> {
  const db = database.org(orgId);
  const row = await db.apiKey.findUnique({ where: { orgId_id: { orgId, id } }, include: { serviceAccount: true } });
  if (row === null || row.revokedAt !== null || row.expiresAt <= now || row.serviceAccount.retiredAt !== null)
    return null;
  const { usedAt, prefix, serviceAccountId, expiresAt } = row;
  if (usedAt === null || now.getTime() - usedAt.getTime() >= noteMs) {
    await db.apiKey.updateMany({ where: { orgId, id, usedAt }, data: { usedAt: now } });
  }
  const scopes = keyScopes.filter((scope) => row.scopes.includes(scope));
  return { keyId: id, prefix, orgId, serviceAccountId, name: row.serviceAccount.name, scopes, expiresAt };
}
