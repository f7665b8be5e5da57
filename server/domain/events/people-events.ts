import { z } from 'zod';

/** Who belongs to an org, and by which ways people and programs come in. */
export const peopleEvents = {
  /** By an invitation, by an address of a domain of the org, or because the member made the org. */
  'member.joined': z.object({
    userId: z.string(),
    role: z.string(),
    invitationId: z.string().optional(),
    domain: z.string().optional(),
  }),
  'member.invited': z.object({ invitationId: z.string(), email: z.string(), role: z.string(), expiresAt: z.string() }),
  'invitation.revoked': z.object({ invitationId: z.string(), email: z.string() }),
  'member.role-changed': z.object({ userId: z.string(), from: z.string(), to: z.string() }),
  'service-account.added': z.object({ serviceAccountId: z.string(), name: z.string() }),
  'service-account.retired': z.object({ serviceAccountId: z.string(), name: z.string() }),
  'api-key.made': z.object({
    keyId: z.string(),
    serviceAccountId: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    expiresAt: z.string(),
  }),
  'api-key.revoked': z.object({ keyId: z.string(), serviceAccountId: z.string(), prefix: z.string() }),
  /** By the member's own wish where the actor is the member. */
  'member.removed': z.object({ userId: z.string(), role: z.string() }),
  /** Sessions of the member were ended, by the member: one, or how many at once. */
  'session.ended': z.object({ userId: z.string(), count: z.int() }),
  /** Another identity opens the member's account from now on, or not any more; which one of an org's is not said elsewhere. */
  'identity.set': z.object({ userId: z.string(), provider: z.enum(['github', 'sso']), connected: z.boolean() }),
  'sso.saved': z.object({ ssoProviderId: z.string(), issuer: z.string(), clientId: z.string() }),
  'sso.removed': z.object({ ssoProviderId: z.string(), issuer: z.string() }),
  /** From now on only sessions of the org's identity provider enter, or any session of a member again. */
  'sso.required': z.object({ ssoProviderId: z.string(), required: z.boolean() }),
  /** An owner entered without the required single sign-on. */
  'sso.bypassed': z.object({ userId: z.string(), until: z.string() }),
  'domain.added': z.object({ domainId: z.string(), domain: z.string() }),
  'domain.proven': z.object({ domainId: z.string(), domain: z.string() }),
  /** The record of a proven domain is gone from DNS, or is back: without it nobody new comes in by the domain. */
  'domain.proof-seen': z.object({ domainId: z.string(), domain: z.string(), isThere: z.boolean() }),
  'domain.removed': z.object({ domainId: z.string(), domain: z.string() }),
  /** People with an address of the domain become members by themselves, as this role; null: not any more. */
  'domain.join-set': z.object({ domainId: z.string(), domain: z.string(), joinAs: z.string().nullable() }),
} as const;
