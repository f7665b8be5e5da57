import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { givenBy } from '../../domain/authz/member-rules.ts';
import { secretDigest } from '../../domain/authz/secret-digest.ts';
import type { OrgRole } from '../../domain/authz/scopes.ts';
import { AppError } from '../../domain/errors.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { actingMember, type PeopleContext } from './people-context.ts';
import { revokeInvitation } from './revoke-invitation.ts';

const lifetimeMs = 7 * 24 * 60 * 60 * 1000;
const mostOpen = 100;

type Context = PeopleContext & {
  mailer: Mailer;
  publicUrl: string;
  /** 256 random bits, of which the mail has the only copy. */
  secret: string;
};
type Asked = { email: string; role: OrgRole };

/**
 * Mails a way in that works once, for a week, for this address alone. An earlier open one of the same address is revoked.
 * Throws `forbidden` (a role above what one may give), `conflict` (a member already, too many open) or, when the mail
 * cannot be sent, `unavailable`: then no invitation is left behind.
 */
export async function inviteMember(context: Context, asked: Asked): Promise<{ invitationId: string }> {
  const { database, orgId, mailer, publicUrl, secret } = context;
  const email = asked.email.trim().toLowerCase();
  const invitationId = newId('invitation');
  await refuseMember(context, email);
  // First, because it belongs to no org's transaction; a row of it that leads to no invitation opens nothing.
  const locator = { kind: 'invitation', key: secretDigest(secret), orgId, target: invitationId };
  await database.system.locator.create({ data: locator });
  const orgName = await database.transaction(orgId, (tx) => open(tx, context, { ...asked, email, invitationId }));
  try {
    await mailer.send(invitationMail({ publicUrl, secret, orgName, to: email, role: asked.role }));
  } catch (error) {
    await revokeInvitation(context, { invitationId });
    throw error;
  }
  return { invitationId };
}

async function refuseMember({ database, orgId }: Context, email: string): Promise<void> {
  const user = await database.system.user.findUnique({ where: { email } });
  if (user === null) return;
  const member = await database.org(orgId).member.findUnique({ where: { orgId_userId: { orgId, userId: user.id } } });
  if (member !== null) throw new AppError('conflict', 'This person is a member already.');
}

async function open(tx: OrgTx, context: Context, asked: Asked & { invitationId: string }): Promise<string> {
  const { orgId, actor, now } = context;
  const { email, role, invitationId: id } = asked;
  await lockOrgStream(tx, orgId);
  const by = await actingMember(tx, context);
  if (!givenBy(by.role).includes(role)) {
    throw new AppError('forbidden', `Your role in this org, ${by.role}, does not include inviting an ${role}.`);
  }
  const pending = { orgId, status: 'pending' as const };
  const earlier = await tx.invitation.findMany({ where: { ...pending, email } });
  await tx.invitation.updateMany({ where: { ...pending, email }, data: { status: 'revoked', endedAt: now } });
  if ((await tx.invitation.count({ where: { ...pending, expiresAt: { gt: now } } })) >= mostOpen) {
    throw new AppError('conflict', `${mostOpen} invitations are open. Revoke some, or wait until they are accepted.`);
  }
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  const row = { orgId, id, email, role, status: 'pending' as const, invitedBy: by.userId, createdAt: now, expiresAt };
  await tx.invitation.create({ data: row });
  const events: OrgEvent[] = [
    ...earlier.map((old) => ({ kind: 'invitation.revoked' as const, payload: { invitationId: old.id, email } })),
    { kind: 'member.invited', payload: { invitationId: id, email, role, expiresAt: expiresAt.toISOString() } },
  ];
  await appendOrgEvents(tx, { orgId, actor, at: now, events });
  const org = await tx.org.findUniqueOrThrow({ where: { id: orgId } });
  return org.name;
}

type Mailed = { publicUrl: string; secret: string; orgName: string; to: string; role: OrgRole };

function invitationMail({ publicUrl, secret, orgName, to, role }: Mailed) {
  return {
    to,
    subject: 'Invitation to an org on Fleet',
    text: [
      `You are invited to the org ${orgName.replace(/\s+/g, ' ')} on Fleet at ${publicUrl}, as ${role}.`,
      'Open this page, sign in with this address, and press the button on it:',
      '',
      `${publicUrl}/invitation?secret=${secret}`,
      '',
      'The link works once, for one week, for this address alone. If you do not expect it, do nothing.',
    ].join('\n'),
  };
}
