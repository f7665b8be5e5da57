import type { Profile } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { z } from 'zod';
import type { Claims } from '../../domain/sso/sso-rules.ts';

type Asked = {
  clientId: string;
  clientSecret: string;
  /** Where people sign in, and where the API is; both without a trailing slash. */
  url: string;
  apiUrl: string;
};

const account = z.object({ id: z.int(), name: z.string().nullish() });
const addresses = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** GitHub for next-auth. Its own provider asks api.github.com whatever the installation is told, and takes any address. */
export function githubProvider({ clientId, clientSecret, url, apiUrl }: Asked): OAuthConfig<Claims> {
  return {
    id: 'github',
    name: 'GitHub',
    type: 'oauth',
    checks: ['state'],
    clientId,
    clientSecret,
    issuer: url,
    authorization: { url: `${url}/login/oauth/authorize`, params: { scope: 'read:user user:email' } },
    token: `${url}/login/oauth/access_token`,
    userinfo: {
      request: async ({ tokens }) => (await claimsAt(apiUrl, tokens.access_token ?? '')) as object as Profile,
    },
    profile: ({ sub, email, name }) => ({ id: sub, email, name }),
    style: { logo: '', bg: '', text: '' },
  };
}

async function claimsAt(apiUrl: string, token: string): Promise<Claims> {
  const [{ id, name }, all] = await Promise.all([
    ask(`${apiUrl}/user`, token).then((body) => account.parse(body)),
    ask(`${apiUrl}/user/emails`, token).then((body) => addresses.parse(body)),
  ]);
  const primary = all.find((each) => each.primary);
  const email = primary?.email.toLowerCase() ?? null;
  return { sub: String(id), email, emailVerified: primary?.verified === true, name: name?.slice(0, 100) ?? null };
}

async function ask(url: string, token: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' };
  const answer = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`GitHub answered ${answer.status}`);
  return answer.json();
}
