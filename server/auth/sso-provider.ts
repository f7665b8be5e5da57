import type { OAuthConfig } from 'next-auth/providers/oauth';
import type { Database } from '../db/connect.ts';
import type { FindOidc, OidcPlaces } from '../domain/ports/find-oidc.ts';
import type { SecretBoxes } from '../domain/ports/secret-box.ts';
import { domainOf, isMailDomain } from '../domain/sso/mail-domain.ts';
import { ssoPath, ssoSecretContext, whyNotSso, type Claims } from '../domain/sso/sso-rules.ts';
import type { IdentityProvider } from './identity-provider.ts';

type Deps = {
  database: Database;
  secretBoxes: SecretBoxes;
  findOidc: FindOidc;
  /** Makes the provider of next-auth's kind. */
  oidcProvider(asked: {
    id: string;
    name: string;
    places: OidcPlaces;
    clientId: string;
    clientSecret: string;
    byOperator: boolean;
  }): OAuthConfig<Claims>;
};

/** The identity provider of an org; null where it has none, and a code of the sign-in page where it does not answer. */
export async function ssoProvider(deps: Deps, orgId: string): Promise<IdentityProvider | { error: string } | null> {
  const { database, secretBoxes, findOidc, oidcProvider } = deps;
  const row = await database.org(orgId).ssoProvider.findUnique({ where: { orgId } });
  if (row === null) return null;
  const { id: key, issuer, clientId, byOperator } = row;
  const found = await findOidc(issuer, byOperator);
  if (found.kind !== 'found') return { error: 'SsoUnreachable' };
  const config = oidcProvider({
    id: ssoPath(orgId),
    name: 'Single sign-on',
    places: found.places,
    clientId,
    clientSecret: (await secretBoxes.of(orgId)).open(row, ssoSecretContext(orgId, key)),
    byOperator,
  });
  return { config, key, refusal: (claims) => refusalOf(database, { orgId, key, claims }), mayBeConnected: false };
}

async function refusalOf(
  { org, system }: Database,
  { orgId, key, claims }: { orgId: string; key: string; claims: Claims },
): Promise<string | null> {
  const proven = await org(orgId).orgDomain.findMany({ where: { orgId, provenAt: { not: null } } });
  const known = await system.account.findUnique({
    where: { provider_providerAccountId: { provider: key, providerAccountId: claims.sub } },
    include: { user: true },
  });
  const byAddress =
    known !== null || claims.email === null
      ? null
      : await system.user.findUnique({
          where: { email: claims.email },
          include: { accounts: { where: { provider: key } } },
        });
  const user = known?.user ?? byAddress;
  const otherIdentity = (byAddress?.accounts.length ?? 0) > 0;
  // Who is known goes on signing in where the proof is gone from DNS; nobody new comes in by it.
  const standing = known === null ? proven.filter(({ lostAt }) => lostAt === null) : proven;
  const domains = standing.map(({ domain }) => domain);
  return whyNotSso({ claims, domains, person: user === null ? null : { email: user.email, otherIdentity } });
}

/** The name in addresses of the provider that signs people of this address in; null where no org has one for it. */
export async function ssoOfAddress({ org, system }: Database, email: string): Promise<string | null> {
  const domain = domainOf(email);
  if (!isMailDomain(domain)) return null;
  const proven = await system.provenDomain.findUnique({ where: { domain } });
  if (proven === null) return null;
  const { orgId } = proven;
  const provider = await org(orgId).ssoProvider.findUnique({ where: { orgId } });
  return provider === null ? null : ssoPath(orgId);
}
