import { appendOrgEvents } from '../../db/append-event.ts';
import { AppError } from '../../domain/errors.ts';
import { lockOrg } from '../orgs/lock-org.ts';
import type { PeopleContext } from '../people/people-context.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

/**
 * Lets only sessions of the org's identity provider enter, or any again. Whoever requires it came by it: what has worked
 * for one person locks nobody out by a wrong setting. Throws `conflict` otherwise, or where there is no provider.
 */
export async function requireSso(
  { database, orgId, actor, now, provider }: PeopleContext & { provider: string | null },
  { required }: { required: boolean },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    await lockOrg(tx, orgId);
    await lockOrgStream(tx, orgId);
    const row = await tx.ssoProvider.findUnique({ where: { orgId } });
    if (row === null) throw new AppError('conflict', 'Name an identity provider first.');
    if (required && provider !== row.id) {
      throw new AppError('conflict', 'Sign in by single sign-on yourself first: then it is known to work.');
    }
    const requiredSso = required ? row.id : null;
    const { count } = await tx.org.updateMany({
      where: { id: orgId, requiredSso: required ? null : { not: null } },
      data: { requiredSso },
    });
    if (count === 0) return;
    const payload = { ssoProviderId: row.id, required };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'sso.required', payload }] });
  });
}
