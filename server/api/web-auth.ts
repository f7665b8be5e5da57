import type { NextAuthOptions } from 'next-auth';
import { authOptions } from '../auth/options.ts';
import { openWeb } from './open-web.ts';

/** The sign-in options of this process. */
export function webAuth(): { options: NextAuthOptions; publicUrl: string } {
  const { database, mailer, settings, report } = openWeb();
  const { publicUrl, authSecret: secret } = settings;
  return { options: authOptions({ system: database.system, mailer, publicUrl, secret, report }), publicUrl };
}
