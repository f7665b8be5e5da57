import { holderById, type KeyHolder } from '../auth/api-key.ts';
import { orgOfMember, type OrgRef } from '../auth/org-of-member.ts';
import { sessionHolds } from '../auth/session.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { OrgDb } from '../db/connect.ts';
import { can, type OrgRole, type Scope } from '../domain/authz/scopes.ts';
import { ssoPath } from '../domain/sso/sso-rules.ts';
import { AppError } from '../domain/errors.ts';
import type { Actor } from '../domain/events/actor.ts';
import type { Web } from './web.ts';

type Asked = { web: Web; viewer: Viewer | null; key: KeyHolder | null; slug: string; scope: Scope };

/** What a procedure of an org works with: the org, what the caller is in it, and its rows and nothing wider. */
export type Entered = { org: OrgRef; role: OrgRole; db: OrgDb; actor: Actor; viewer: Viewer };

const notSignedIn = () => new AppError('not_signed_in', 'Sign in, or send an API key that is valid, to go on.');

/** Lets a member in whose role has the scope, and a key of the org that has it. To everyone else the org does not exist. */
export async function enterOrg(asked: Asked): Promise<Entered> {
  const { web, viewer, key, slug, scope } = asked;
  if (key !== null) return enterByKey(web, key, { slug, scope });
  if (viewer === null) throw notSignedIn();
  const { org, role, requiredSso } = await orgOfMember(web.database, { slug, userId: viewer.userId });
  if (requiredSso !== null && viewer.provider !== requiredSso) await passBySso(web, { org, role, viewer });
  if (!can(role, scope)) {
    throw new AppError('forbidden', `Your role in this org, ${role}, does not include ${scope}.`);
  }
  const actor = { type: 'user' as const, userId: viewer.userId };
  return { org, role, db: web.database.org(org.id), actor, viewer };
}

/** Only an owner's audited exception, for this session and not over yet, stands in for a required single sign-on. */
async function passBySso(web: Web, { org, role, viewer }: Pick<Entered, 'org' | 'role' | 'viewer'>): Promise<void> {
  const { sessionId } = viewer;
  const where = { orgId: org.id, userId: viewer.userId, expiresAt: { gt: web.clock.now() } };
  if (role === 'owner' && sessionId !== undefined) {
    if ((await web.database.org(org.id).ssoBypass.count({ where: { ...where, sessionId } })) > 0) return;
  }
  const detail = { path: ssoPath(org.id), orgName: org.name, slug: org.slug, owner: role === 'owner' };
  throw new AppError('sso_required', `${org.name} is open by its single sign-on only. Sign in by it to go on.`, detail);
}

/** A service account counts as a member who may do what its key names and nothing else. */
async function enterByKey(web: Web, key: KeyHolder, { slug, scope }: { slug: string; scope: Scope }): Promise<Entered> {
  const { orgId, serviceAccountId, keyId, name, scopes } = key;
  if ((await web.database.orgBySlug(slug)) !== orgId) {
    throw new AppError('not_found', 'There is no such org, or you are not a member of it.');
  }
  if (!(scopes as readonly Scope[]).includes(scope)) {
    throw new AppError('forbidden', `This API key does not include ${scope}. Make one that does, under Settings.`);
  }
  const db = web.database.org(orgId);
  const org = await db.org.findUniqueOrThrow({ where: { id: orgId } });
  const viewer = { userId: serviceAccountId, email: `service account ${name}`, operator: false };
  const actor = { type: 'service-account' as const, serviceAccountId, keyId };
  return { org: { id: orgId, slug: org.slug, name: org.name }, role: 'member', db, actor, viewer };
}

/** What a right of somebody to something of an org goes by: streams of the same right are looked after together. */
export function rightOf({ viewer, key, slug, scope }: Omit<Asked, 'web'>): string {
  const who = key === null ? ['person', viewer?.userId, viewer?.sessionId] : ['key', key.keyId];
  return JSON.stringify([...who, slug, scope]);
}

/** Throws where the caller would not be let in any more: signed out, removed, with a lesser role, or the key revoked. */
export async function stillMay(asked: Asked): Promise<void> {
  const { web, viewer, key } = asked;
  const now = web.clock.now();
  if (key !== null) {
    const held = await holderById(web.database, key, now);
    if (held === null) throw notSignedIn();
    await enterOrg({ ...asked, key: held });
    return;
  }
  const sessionId = viewer?.sessionId;
  if (sessionId !== undefined && !(await sessionHolds(web.database.system, sessionId, now))) throw notSignedIn();
  await enterOrg(asked);
}
