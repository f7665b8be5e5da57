import { domainOf } from './mail-domain.ts';

/** The name of an org's identity provider in the addresses of signing in; it stays when the provider is changed. */
export const ssoPath = (orgId: string) => `sso-${orgId}`;

/** The org behind such a name; null for any other. */
export function orgOfSsoPath(name: string): string | null {
  return /^sso-(org_[0-9a-f]{32})$/.exec(name)?.[1] ?? null;
}

/** What an identity provider says of somebody. */
export type Claims = { sub: string; email: string | null; emailVerified: boolean; name: string | null };

type Judged = {
  claims: Claims;
  /** The domains that the org has proven. */
  domains: readonly string[];
  /** The person this would sign in, if there is one. */
  person: { email: string; otherIdentity: boolean } | null;
};

export type SsoRefusal = 'SsoUnverified' | 'SsoDomain' | 'SsoOther';

/**
 * Why an org's identity provider may not sign somebody in; null where it may. It speaks for the org's proven domains and
 * nobody else: whoever runs it could name any address. An identity becomes somebody's own by that rule alone, and once.
 */
export function whyNotSso({ claims, domains, person }: Judged): SsoRefusal | null {
  const { email, emailVerified } = claims;
  if (email === null || !emailVerified) return 'SsoUnverified';
  if (!domains.includes(domainOf(email))) return 'SsoDomain';
  if (person === null) return null;
  if (!domains.includes(domainOf(person.email))) return 'SsoDomain';
  return person.otherIdentity ? 'SsoOther' : null;
}

/** What the client secret is sealed to: it opens in no other org and for no other provider. */
export const ssoSecretContext = (orgId: string, ssoProviderId: string) => `${orgId}:sso:${ssoProviderId}`;

/** What a domain can make people: nobody who decides. */
export const joinRoles = ['member', 'auditor'] as const;
export type JoinRole = (typeof joinRoles)[number];
