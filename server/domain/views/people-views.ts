import type { OrgRole } from '../authz/scopes.ts';

export type MemberView = { id: string; email: string; role: OrgRole; since: string; isYou: boolean };

export type InvitationView = {
  id: string;
  email: string;
  role: OrgRole;
  invitedBy: string;
  createdAt: string;
  expiresAt: string;
  expired: boolean;
};

/** Who is in an org, and whom it waits for (to those who may invite). `gives`: the roles that the viewer may give. */
export type PeopleView = {
  members: MemberView[];
  invitations: InvitationView[];
  gives: readonly OrgRole[];
  owners: number;
};

/** What the bearer of an invitation is shown; nothing of the org to anybody whom it was not sent to. */
export type InvitationOffer =
  | { state: 'open'; orgName: string; role: OrgRole; invitedBy: string; expiresAt: string }
  | { state: 'joined'; slug: string }
  | { state: 'other-address' }
  | { state: 'over' };
