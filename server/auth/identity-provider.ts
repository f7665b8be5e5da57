import type { OAuthConfig } from 'next-auth/providers/oauth';
import type { Claims } from '../domain/sso/sso-rules.ts';

/** Somebody else's word for who a person is: an org's OIDC provider, or GitHub. */
export type IdentityProvider = {
  config: OAuthConfig<Claims>;
  /** What accounts and sessions made through it are marked with. */
  key: string;
  /** Why it may not sign this person in, as a code of the sign-in page; null where it may. */
  refusal(claims: Claims): Promise<string | null>;
  /** A person who is signed in and asks for it on the account page may join the identity to the account. */
  mayBeConnected: boolean;
};

/** The provider of that name in addresses; null where there is none, a code of the sign-in page where it cannot be used. */
export type FindIdentityProvider = (name: string) => Promise<IdentityProvider | { error: string } | null>;
