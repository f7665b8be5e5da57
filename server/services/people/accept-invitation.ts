import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { givenBy } from '../../domain/authz/member-rules.ts';
import { AppError } from '../../domain/errors.ts';
import type { InvitationOffer } from '../../domain/views/people-views.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { namesOf } from '../views/people.ts';
import { findInvitation, type Invitation } from './find-invitation.ts';

type Context = { database: Database; now: Date; userId: string; email: string };

/** What the page behind an invitation shows this person; looking changes nothing. */
export async function showInvitation(context: Context, { secret }: { secret: string }): Promise<InvitationOffer> {
  const { database, now, userId, email } = context;
  const row = await findInvitation(database, secret);
  if (row === null) return { state: 'over' };
  if (row.email !== email) return { state: 'other-address' };
  const { orgId, role } = row;
  const db = database.org(orgId);
  const org = await db.org.findUniqueOrThrow({ where: { id: orgId } });
  const member = await db.member.findUnique({ where: { orgId_userId: { orgId, userId } } });
  if (member !== null) return { state: 'joined', slug: org.slug };
  if (row.status !== 'pending' || row.expiresAt <= now) return { state: 'over' };
  const nameOf = await namesOf({ system: database.system, db }, [row.invitedBy]);
  const expiresAt = row.expiresAt.toISOString();
  return { state: 'open', orgName: org.name, role, invitedBy: nameOf(row.invitedBy), expiresAt };
}

const over = 'This invitation was used, revoked or is too old. Ask who invited you for a new one.';

/**
 * Makes the person a member, once, with the role that the row names. Throws `not_found` for a secret that leads nowhere,
 * `forbidden` to another address, `conflict` where it is over or the inviter could not give this role any more.
 */
export async function acceptInvitation(context: Context, { secret }: { secret: string }): Promise<{ slug: string }> {
  const { database, email } = context;
  const row = await findInvitation(database, secret);
  if (row === null) throw new AppError('not_found', over);
  if (row.email !== email) {
    throw new AppError(
      'forbidden',
      'This invitation was sent to another address. Sign in with that address to use it.',
    );
  }
  return database.transaction(row.orgId, async (tx) => {
    await lockOrgStream(tx, row.orgId);
    return join(tx, context, row);
  });
}

async function join(tx: OrgTx, { now, userId }: Context, row: Invitation): Promise<{ slug: string }> {
  const { orgId, id, role, invitedBy } = row;
  const there = await tx.member.findUnique({ where: { orgId_userId: { orgId, userId } } });
  if (there !== null) throw new AppError('conflict', 'You are a member of this org already.');
  const inviter = await tx.member.findUnique({ where: { orgId_userId: { orgId, userId: invitedBy } } });
  if (inviter === null || !givenBy(inviter.role).includes(role)) {
    throw new AppError(
      'conflict',
      'Who invited you may not do so any more. Ask an owner or admin of the org for a new one.',
    );
  }
  const { count } = await tx.invitation.updateMany({
    where: { orgId, id, status: 'pending', expiresAt: { gt: now } },
    data: { status: 'accepted', endedAt: now },
  });
  if (count === 0) throw new AppError('conflict', over);
  await tx.member.create({ data: { orgId, id: newId('member'), userId, role, createdAt: now } });
  const payload = { userId, role, invitationId: id };
  const actor = { type: 'user' as const, userId };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'member.joined', payload }] });
  const org = await tx.org.findUniqueOrThrow({ where: { id: orgId } });
  return { slug: org.slug };
}
