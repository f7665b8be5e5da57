import { appendOrgEvents } from '../../db/append-event.ts';
import { AppError } from '../../domain/errors.ts';
import { actingMember, type PeopleContext } from '../people/people-context.ts';

/** Ends a service account for good: its keys open nothing any more and its runs end at their next step. */
export async function retireServiceAccount(
  context: PeopleContext,
  { serviceAccountId: id }: { serviceAccountId: string },
): Promise<void> {
  const { database, orgId, actor, now } = context;
  await database.transaction(orgId, async (tx) => {
    await actingMember(tx, context);
    const account = await tx.serviceAccount.findUnique({ where: { orgId_id: { orgId, id } } });
    if (account === null) throw new AppError('not_found', 'There is no such service account.');
    const where = { orgId, id, retiredAt: null };
    const { count } = await tx.serviceAccount.updateMany({ where, data: { retiredAt: now } });
    if (count === 0) throw new AppError('conflict', 'This service account has been retired already.');
    const payload = { serviceAccountId: id, name: account.name };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'service-account.retired', payload }] });
  });
}
