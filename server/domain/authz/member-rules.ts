import { orgRoles, type OrgRole } from './scopes.ts';

/** The roles that somebody of a role may give, and may take from others. */
export function givenBy(role: OrgRole): readonly OrgRole[] {
  if (role === 'owner') return orgRoles;
  return role === 'admin' ? orgRoles.filter((each) => each !== 'owner') : [];
}

type Member = { userId: string; role: OrgRole };
/** `to` null: the target is a member no more. `owners` counts all of the org's, the target included. */
type Move = { by: Member; target: Member; to: OrgRole | null; owners: number };

type Refusal = { code: 'conflict' | 'forbidden'; why: string };
const forbidden = (why: string): Refusal => ({ code: 'forbidden', why });

/** Why a member may not be given another role, or not be removed; null where it may be done. */
export function whyNotMove({ by, target, to, owners }: Move): Refusal | null {
  if (target.role === 'owner' && to !== 'owner' && owners <= 1) {
    const why = 'An org needs an owner, and this is its last one. Make somebody else an owner first.';
    return { code: 'conflict', why };
  }
  if (to === null && by.userId === target.userId) return null;
  const gives = givenBy(by.role);
  if (gives.length === 0)
    return forbidden(`Your role in this org, ${by.role}, does not include changing who is in it.`);
  if (!gives.includes(target.role)) return forbidden('Only an owner can change or remove an owner.');
  if (to !== null && !gives.includes(to)) return forbidden('Only an owner can make somebody an owner.');
  return null;
}
