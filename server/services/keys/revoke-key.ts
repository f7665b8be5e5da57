import { appendOrgEvents } from '../../db/append-event.ts';
import { AppError } from '../../domain/errors.ts';
import { actingMember, type PeopleContext } from '../people/people-context.ts';

/** Makes a key worthless from the next request on; streams that it holds open end within five seconds. */
export async function revokeKey(context: PeopleContext, { keyId: id }: { keyId: string }): Promise<void> {
  const { database, orgId, actor, now } = context;
  await database.transaction(orgId, async (tx) => {
    await actingMember(tx, context);
    const key = await tx.apiKey.findUnique({ where: { orgId_id: { orgId, id } } });
    if (key === null) throw new AppError('not_found', 'There is no such key.');
    const { count } = await tx.apiKey.updateMany({ where: { orgId, id, revokedAt: null }, data: { revokedAt: now } });
    if (count === 0) throw new AppError('conflict', 'This key has been revoked already.');
    const payload = { keyId: id, serviceAccountId: key.serviceAccountId, prefix: key.prefix };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'api-key.revoked', payload }] });
  });
}
