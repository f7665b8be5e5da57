import { appendOrgEvents } from '../../db/append-event.ts';
import { newId } from '../../db/new-id.ts';
import { keyPrefix, type KeyScope } from '../../domain/authz/key-scopes.ts';
import { secretDigest } from '../../domain/authz/secret-digest.ts';
import { AppError } from '../../domain/errors.ts';
import { actingMember, type PeopleContext } from '../people/people-context.ts';

const dayMs = 24 * 60 * 60 * 1000;
const mostKeys = 50;

/** `key` is the only copy of the secret there will ever be; the rows hold its digest and its first part. */
type Made = { key: string; serviceAccountId: string; scopes: KeyScope[]; days: number };

/** Makes a key of a service account. Throws `not_found` for none or a retired one, `conflict` where there are too many. */
export async function makeKey(context: PeopleContext, made: Made): Promise<{ keyId: string; expiresAt: Date }> {
  const { database, orgId, actor, now } = context;
  const { key, serviceAccountId, days } = made;
  const scopes = [...new Set(made.scopes)];
  const id = newId('apiKey');
  const expiresAt = new Date(now.getTime() + days * dayMs);
  await database.transaction(orgId, async (tx) => {
    const { userId: createdBy } = await actingMember(tx, context);
    const account = await tx.serviceAccount.findUnique({ where: { orgId_id: { orgId, id: serviceAccountId } } });
    if (account === null || account.retiredAt !== null) {
      throw new AppError('not_found', 'There is no such service account, or it has been retired.');
    }
    const good = { orgId, serviceAccountId, revokedAt: null, expiresAt: { gt: now } };
    if ((await tx.apiKey.count({ where: good })) >= mostKeys) {
      throw new AppError('conflict', `This service account has ${mostKeys} keys. Revoke those that nobody uses.`);
    }
    const prefix = keyPrefix(key);
    const row = { orgId, id, serviceAccountId, prefix, scopes, createdBy, createdAt: now, expiresAt };
    await tx.apiKey.create({ data: row });
    const payload = { keyId: id, serviceAccountId, prefix, scopes, expiresAt: expiresAt.toISOString() };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'api-key.made', payload }] });
  });
  // Last, because it belongs to no org's transaction: until it is there, the key opens nothing.
  await database.system.locator.create({ data: { kind: 'api-key', key: secretDigest(key), orgId, target: id } });
  return { keyId: id, expiresAt };
}
