import type { NextAuthOptions } from 'next-auth';
import type { EmailConfig } from 'next-auth/providers/email';
import type { SystemDb } from '../db/connect.ts';
import type { Mailer } from '../domain/ports/mailer.ts';
import { claimInstallation } from './claim-installation.ts';
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
};

const linkSeconds = 60 * 60;
const outboxMs = 24 * 60 * 60 * 1000;
const sessionSeconds = 30 * 24 * 60 * 60;

/**
 * next-auth's options, built from ports. Sign-up is open: whoever can read a mailbox may sign in and make an org of his
 * own, which shows him nothing of any other org. That suits a server on loopback or inside one company.
 */
export function authOptions({ system, mailer, publicUrl, secret, report }: AuthDeps): NextAuthOptions {
  return {
    adapter: prismaAdapter(system),
    secret,
    session: { strategy: 'database', maxAge: sessionSeconds },
    useSecureCookies: isSecure(publicUrl),
    pages: { signIn: '/sign-in', verifyRequest: '/sign-in/check-mail', error: '/sign-in' },
    providers: [emailProvider({ system, mailer, publicUrl })],
    callbacks: {
      signIn: ({ user, email }) => email?.verificationRequest !== true || user.email !== ownerAddress,
      redirect: ({ url }) => `${publicUrl}${ownPath(url, publicUrl)}`,
    },
    events: {
      signIn: async ({ user }) => {
        if (user.email === ownerAddress) await claimInstallation(system, user.id);
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
