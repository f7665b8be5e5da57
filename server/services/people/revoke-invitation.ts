import { appendOrgEvents } from '../../db/append-event.ts';
import { AppError } from '../../domain/errors.ts';
import type { PeopleContext } from './people-context.ts';

/** Makes an open invitation worthless. Throws `not_found`, or `conflict` where it was used meanwhile. */
export async function revokeInvitation(
  { database, orgId, actor, now }: PeopleContext,
  { invitationId: id }: { invitationId: string },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const found = await tx.invitation.findUnique({ where: { orgId_id: { orgId, id } } });
    if (found === null) throw new AppError('not_found', 'There is no such invitation.');
    const where = { orgId, id, status: 'pending' as const };
    const { count } = await tx.invitation.updateMany({ where, data: { status: 'revoked', endedAt: now } });
    if (count === 0) throw new AppError('conflict', 'This invitation is not open any more. Load the page again.');
    const payload = { invitationId: id, email: found.email };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'invitation.revoked', payload }] });
  });
}
