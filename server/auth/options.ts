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
  /** Told of everybody whose address was proven by this sign-in. */
  proved(person: { userId: string; email: string }): Promise<void>;
};

const linkSeconds = 60 * 60;
const outboxMs = 24 * 60 * 60 * 1000;
const sessionSeconds = 30 * 24 * 60 * 60;

/**
 * next-auth's options, built from ports. Sign-up is open: whoever can read a mailbox may sign in and make an org of his
 * own, which shows him nothing of any other org. That suits a server on loopback or inside one company.
 * `identity` is the provider that this request is about, if any.
 */
export function authOptions(deps: AuthDeps, identity: IdentityProvider | null = null): NextAuthOptions {
  const { system, mailer, publicUrl, secret, report, proved } = deps;
  return {
    adapter: prismaAdapter(system, identity?.key ?? null),
    secret,
    session: { strategy: 'database', maxAge: sessionSeconds },
    useSecureCookies: isSecure(publicUrl),
    pages: { signIn: '/sign-in', verifyRequest: '/sign-in/check-mail', error: '/sign-in' },
    providers: [emailProvider({ system, mailer, publicUrl }), ...(identity === null ? [] : [identity.config])],
    callbacks: {
      signIn: async ({ user, email, profile }) => {
        if (identity === null) return email?.verificationRequest !== true || user.email !== ownerAddress;
        if (user.email === ownerAddress) return false;
        const code = await identity.refusal(profile as unknown as Claims);
        return code === null || `/sign-in?error=${code}`;
      },
      redirect: ({ url }) => `${publicUrl}${ownPath(url, publicUrl)}`,
    },
    events: {
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

/** Written out instead of imported, because next-auth's own provider brings an SMTP client of its own. */
function emailProvider({ system, mailer, publicUrl }: Pick<AuthDeps, 'system' | 'mailer' | 'publicUrl'>): EmailConfig {
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
