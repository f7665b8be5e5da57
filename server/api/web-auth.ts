import { githubProvider } from '../adapters/sign-in/github-provider.ts';
import { oidcProvider } from '../adapters/sign-in/oidc-provider.ts';
import type { Auth } from '../auth/handle-auth.ts';
import type { FindIdentityProvider } from '../auth/identity-provider.ts';
import { admitSignIn } from '../auth/limit-sign-in.ts';
import { authOptions } from '../auth/options.ts';
import { mayComeIn } from '../auth/sign-up.ts';
import { ssoProvider } from '../auth/sso-provider.ts';
import { orgOfSsoPath } from '../domain/sso/sso-rules.ts';
import { noteIdentity } from '../services/sessions/note-identity.ts';
import { joinByDomain } from '../services/sso/join-by-domain.ts';
import { openWeb } from './open-web.ts';
import type { Web } from './web.ts';

/** The sign-in of this process. */
export function webAuth(): Auth {
  return authOf(openWeb());
}

/** Sign-in over the parts of a web process. */
export function authOf(web: Web): Auth {
  const { database, mailer, settings, report, clock } = web;
  const { system } = database;
  const { publicUrl, authSecret: secret } = settings;
  const proved = (person: { userId: string; email: string }) => joinByDomain({ database, now: clock.now() }, person);
  const joined = ({ userId, provider }: { userId: string; provider: string }) =>
    noteIdentity(
      { database, userId, now: clock.now() },
      { provider: provider === 'github' ? 'github' : 'sso', connected: true },
    );
  const admitted = (email: string) => mayComeIn({ database, now: clock.now(), policy: settings.signUp }, email);
  return {
    options: (identity) =>
      authOptions({ system, mailer, publicUrl, secret, report, proved, joined, mayComeIn: admitted }, identity),
    findIdentityProvider: identityProviders(web),
    publicUrl,
    admit: (asked) => admitSignIn({ system, now: clock.now() }, asked),
  };
}

function identityProviders({
  database,
  secretBoxes,
  signInOidc: findOidc,
  settings: { github },
}: Web): FindIdentityProvider {
  return async (name) => {
    if (name === 'github' && github !== null) {
      const refusal = async ({ emailVerified }: { emailVerified: boolean }) => (emailVerified ? null : 'GithubEmail');
      return { config: githubProvider(github), key: 'github', refusal, mayBeConnected: true };
    }
    const orgId = orgOfSsoPath(name);
    return orgId === null ? null : ssoProvider({ database, secretBoxes, findOidc, oidcProvider }, orgId);
  };
}
