import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';

const lifetimeMs = 60 * 60 * 1000;

type Context = { database: Database; now: Date; userId: string; sessionId: string | undefined };

/**
 * Lets an owner into an org whose required single sign-on does not work, with this one session, for an hour; it is an
 * event of the org's log before it holds. To everybody but its members the org does not exist.
 */
export async function bypassSso(context: Context, { org: slug }: { org: string }): Promise<void> {
  const { database, now, userId, sessionId } = context;
  const orgId = await database.orgBySlug(slug);
  const where = { orgId_userId: { orgId: orgId ?? '', userId } };
  const member = orgId === null ? null : await database.org(orgId).member.findUnique({ where });
  if (orgId === null || member === null || sessionId === undefined) {
    throw new AppError('not_found', 'There is no such org, or you are not a member of it.');
  }
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  await database.transaction(orgId, async (tx) => {
    const { requiredSso } = await tx.org.findUniqueOrThrow({ where: { id: orgId } });
    const isOwner = (await tx.member.count({ where: { orgId, userId, role: 'owner' } })) === 1;
    if (!isOwner) throw new AppError('forbidden', 'Only an owner can enter without single sign-on.');
    if (requiredSso === null)
      throw new AppError('conflict', 'Single sign-on is not required here. Open the org again.');
    await tx.ssoBypass.create({
      data: { orgId, id: newId('ssoBypass'), userId, sessionId, createdAt: now, expiresAt },
    });
    const payload = { userId, until: expiresAt.toISOString() };
    const actor = { type: 'user' as const, userId };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'sso.bypassed', payload }] });
  });
}
