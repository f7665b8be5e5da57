import type { NextAuthOptions } from 'next-auth';
import type { EmailConfig } from 'next-auth/providers/email';
import type { SystemDb } from '../db/connect.ts';
import type { Mailer } from '../domain/ports/mailer.ts';
import type { Claims } from '../domain/sso/sso-rules.ts';
import { claimInstallation } from './claim-installation.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { ownPath } from './origin.ts';
import { confirmUrl, ownerAddress } from './owner-link.ts';
import { prismaAdapter } from './prisma-adapter.ts';
import { isSecure } from './session-token.ts';

export type AuthDeps = {
  system: SystemDb;
  mailer: Mailer;
  publicUrl: string;
  secret: string;
  report(error: unknown, where: string): void;
  /** Whether an address may sign in: it has an account, or may have one. */
  mayComeIn(email: string): Promise<boolean>;
  /** Told of every identity that was joined to an account. */
  joined(person: { userId: string; provider: string }): Promise<void>;
  /** Told of everybody whose address was proven by this sign-in. */
  proved(person: { userId: string; email: string }): Promise<void>;
};

const linkSeconds = 60 * 60;
const outboxMs = 24 * 60 * 60 * 1000;
const sessionSeconds = 30 * 24 * 60 * 60;

/**
 * next-auth's options, built from ports. Who may have an account is the operator's to say; by mail nobody is told that he
 * may not: a link simply does not come.
 * `identity` is the provider that this request is about, if any.
 */
export function authOptions(deps: AuthDeps, identity: IdentityProvider | null = null): NextAuthOptions {
  const { system, mailer, publicUrl, secret, report, proved, joined, mayComeIn } = deps;
  return {
    adapter: prismaAdapter(system, identity?.key ?? null),
    secret,
    session: { strategy: 'database', maxAge: sessionSeconds },
    useSecureCookies: isSecure(publicUrl),
    pages: { signIn: '/sign-in', verifyRequest: '/sign-in/check-mail', error: '/sign-in' },
    providers: [
      emailProvider({ system, mailer, publicUrl, mayComeIn }),
      ...(identity === null ? [] : [identity.config]),
    ],
    callbacks: {
      signIn: async ({ user, email, profile }) => {
        if (identity === null) {
          if (email?.verificationRequest === true) return user.email !== ownerAddress;
          return mayComeIn(user.email ?? '');
        }
        if (user.email === ownerAddress) return false;
        const code = await identity.refusal(profile as unknown as Claims);
        if (code !== null) return `/sign-in?error=${code}`;
        const known = await isKnown(system, identity.key, profile as unknown as Claims);
        return known || (await mayComeIn(user.email ?? '')) || '/sign-in?error=SignUpClosed';
      },
      redirect: ({ url }) => `${publicUrl}${ownPath(url, publicUrl)}`,
    },
    events: {
      linkAccount: async ({ user }) => {
        if (identity !== null) await joined({ userId: user.id, provider: identity.key });
      },
      signIn: async ({ user }) => {
        const { id: userId, email } = user;
        if (email === ownerAddress) await claimInstallation(system, userId);
        // GitHub's word is for the account there: the address of ours may be one that the person has lost since.
        else if (email && identity?.key !== 'github') await proved({ userId, email });
      },
    },
    logger: {
      error: (code, metadata) => report(metadata, `sign-in: ${code}`),
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

/** Whether this identity has signed in before, whatever address it is known by now. */
async function isKnown(system: SystemDb, provider: string, { sub }: Claims): Promise<boolean> {
  const where = { provider_providerAccountId: { provider, providerAccountId: sub } };
  return (await system.account.findUnique({ where })) !== null;
}

/** Written out instead of imported, because next-auth's own provider brings an SMTP client of its own. */
function emailProvider({
  system,
  mailer,
  publicUrl,
  mayComeIn,
}: Pick<AuthDeps, 'system' | 'mailer' | 'publicUrl' | 'mayComeIn'>): EmailConfig {
  return {
    id: 'email',
    type: 'email',
    name: 'Email',
    server: '',
    from: '',
    maxAge: linkSeconds,
    options: {},
    sendVerificationRequest: async ({ identifier, token, url, expires }) => {
      await forgetExpired(system, new Date(expires.getTime() - linkSeconds * 1000));
      if (!(await mayComeIn(identifier))) return;
      const callbackUrl = ownPath(new URL(url).searchParams.get('callbackUrl'), publicUrl);
      await mailer.send(signInMail({ publicUrl, email: identifier, token, callbackUrl }));
    },
  };
}

/** Every mail clears what is over: links and sessions past their time, and mails of the outbox after a day. */
async function forgetExpired(system: SystemDb, now: Date): Promise<void> {
  const over = { where: { expires: { lt: now } } };
  await system.verificationToken.deleteMany(over);
  await system.session.deleteMany(over);
  await system.outboxMail.deleteMany({ where: { sentAt: { lt: new Date(now.getTime() - outboxMs) } } });
}

function signInMail(link: { publicUrl: string; email: string; token: string; callbackUrl: string }) {
  return {
    to: link.email,
    subject: 'Sign in to Fleet',
    text: [
      `Open this page and press the button on it to sign in to Fleet at ${link.publicUrl}:`,
      '',
      confirmUrl(link),
      '',
      'The link works once, for one hour. If you did not ask for it, do nothing: it signs nobody in by itself.',
    ].join('\n'),
  };
}
