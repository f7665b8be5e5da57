import type { ServiceAccountView } from '../../domain/views/key-views.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';

/** The org's service accounts with their keys: what may be shown of them, never the keys themselves. */
export async function listKeys({ db, system, orgId, now }: ViewQuery): Promise<ServiceAccountView[]> {
  const accounts = await db.serviceAccount.findMany({
    where: { orgId },
    include: { keys: { orderBy: { createdAt: 'desc' } } },
    orderBy: { createdAt: 'asc' },
  });
  const nameOf = await namesOf(
    { system, db },
    accounts.flatMap(({ createdBy, keys }) => [createdBy, ...keys.map((key) => key.createdBy)]),
  );
  return accounts.map(({ id, name, createdBy, createdAt, retiredAt, keys }) => ({
    id,
    name,
    createdBy: nameOf(createdBy),
    createdAt: createdAt.toISOString(),
    retiredAt: retiredAt?.toISOString() ?? null,
    keys: keys.map((key) => ({
      id: key.id,
      prefix: key.prefix,
      scopes: key.scopes,
      createdBy: nameOf(key.createdBy),
      createdAt: key.createdAt.toISOString(),
      expiresAt: key.expiresAt.toISOString(),
      usedAt: key.usedAt?.toISOString() ?? null,
      state: key.revokedAt !== null ? 'revoked' : key.expiresAt <= now ? 'expired' : 'good',
    })),
  }));
}
