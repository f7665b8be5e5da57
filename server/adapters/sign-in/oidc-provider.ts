import type { Profile } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { custom, type BaseClient, type CustomHttpOptionsProvider, type TokenSet } from 'openid-client';
import type { OidcPlaces } from '../../domain/ports/find-oidc.ts';
import type { Claims } from '../../domain/sso/sso-rules.ts';
import { boundedAgent } from './bounded-agent.ts';
import { publicLookup, refusePrivate } from '../egress/public-lookup.ts';

type Asked = {
  id: string;
  name: string;
  places: OidcPlaces;
  clientId: string;
  clientSecret: string;
  /** Only then may its addresses be private ones. */
  byOperator: boolean;
};

/** An OIDC provider for next-auth: authorization code with PKCE, state and nonce; the ID token's signature and claims are checked. */
export function oidcProvider(asked: Asked): OAuthConfig<Claims> {
  const { id, name, places, clientId, clientSecret, byOperator } = asked;
  return {
    id,
    name,
    type: 'oauth',
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    issuer: places.issuer,
    jwks_endpoint: places.jwks,
    clientId,
    clientSecret,
    client: { id_token_signed_response_alg: places.signing, token_endpoint_auth_method: places.clientAuth },
    authorization: { url: places.authorization, params: { scope: 'openid email profile' } },
    token: {
      url: places.token,
      request: async ({ client, params, checks, provider }) => {
        guard(client, byOperator);
        const call = client.callback(provider.callbackUrl, params, checks);
        return { tokens: await plainly(call) };
      },
    },
    userinfo: {
      ...(places.userinfo === null ? {} : { url: places.userinfo }),
      request: async ({ client, tokens }) => {
        guard(client, byOperator);
        return (await claimsOf(client, tokens as TokenSet, places.userinfo !== null)) as object as Profile;
      },
    },
    profile: ({ sub, email, name: called }) => ({ id: sub, email, name: called }),
    // Whom an identity may be joined to is decided before, by the rules of domain/sso.
    allowDangerousEmailAccountLinking: true,
    style: { logo: '', bg: '', text: '' },
  };
}

/**
 * No answer is larger than a provider has reason for; and unless the operator named it, each call goes to a public https
 * address that was looked up for it, also where the discovery document sends us.
 */
function guard(client: BaseClient, byOperator: boolean): void {
  const options: CustomHttpOptionsProvider = (url) => {
    const agent = boundedAgent(url.protocol);
    if (byOperator) return { agent };
    refusePrivate(url);
    return { agent, lookup: publicLookup };
  };
  client[custom.http_options] = options;
  (client.issuer as unknown as Pick<BaseClient, typeof custom.http_options>)[custom.http_options] = options;
}

/** Many providers keep the address out of the ID token; what userinfo says counts when it is of the same `sub`. */
async function claimsOf(client: BaseClient, tokens: TokenSet, asks: boolean): Promise<Claims> {
  const signed = tokens.claims();
  const told = signed.email === undefined && asks ? await plainly(client.userinfo(tokens)) : signed;
  const email = typeof told.email === 'string' && told.email.length <= 254 ? told.email.trim().toLowerCase() : null;
  const name = typeof told.name === 'string' ? told.name.slice(0, 100) : null;
  return { sub: signed.sub, email, emailVerified: told.email_verified === true, name };
}

/** Passes a refusal on by its sentence alone: openid-client's errors carry the tokens they speak of. */
async function plainly<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new Error(error instanceof Error ? error.message.slice(0, 300) : 'no answer');
  }
}
