import { appendOrgEvents } from '../../db/append-event.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import { actingMember, type PeopleContext } from '../people/people-context.ts';

/** Adds an identity that is no person; it can do nothing until a key is made for it. Throws `conflict` for a taken name. */
export async function addServiceAccount(
  context: PeopleContext,
  { name }: { name: string },
): Promise<{ serviceAccountId: string }> {
  const { database, orgId, actor, now } = context;
  const id = newId('serviceAccount');
  try {
    await database.transaction(orgId, async (tx) => {
      const { userId: createdBy } = await actingMember(tx, context);
      await tx.serviceAccount.create({ data: { orgId, id, name, createdBy, createdAt: now } });
      const payload = { serviceAccountId: id, name };
      await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'service-account.added', payload }] });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', `This org has, or had, a service account named ${name}. Choose another name.`);
  }
  return { serviceAccountId: id };
}
