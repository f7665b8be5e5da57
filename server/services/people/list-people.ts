import { givenBy } from '../../domain/authz/member-rules.ts';
import { can } from '../../domain/authz/scopes.ts';
import type { PeopleView } from '../../domain/views/people-views.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';

/** The org's members, longest first, and its open invitations to those who may invite. */
export async function listPeople({ db, system, orgId, viewer, now }: ViewQuery): Promise<PeopleView> {
  const members = await db.member.findMany({ where: { orgId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  const invitations = can(viewer.role, 'members:manage')
    ? await db.invitation.findMany({ where: { orgId, status: 'pending' }, orderBy: { createdAt: 'asc' } })
    : [];
  const people = [...members.map(({ userId }) => userId), ...invitations.map(({ invitedBy }) => invitedBy)];
  const nameOf = await namesOf({ system, db }, people);
  return {
    members: members.map(({ id, userId, role, createdAt }) => ({
      id,
      email: nameOf(userId),
      role,
      since: createdAt.toISOString(),
      isYou: userId === viewer.userId,
    })),
    invitations: invitations.map(({ id, email, role, invitedBy, createdAt, expiresAt }) => ({
      id,
      email,
      role,
      invitedBy: nameOf(invitedBy),
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      expired: expiresAt <= now,
    })),
    gives: givenBy(viewer.role),
    owners: members.filter(({ role }) => role === 'owner').length,
  };
}
