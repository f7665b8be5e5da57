import { admitSignIn } from '../auth/limit-sign-in.ts';
import type { Auth } from '../auth/handle-auth.ts';
import { authOptions } from '../auth/options.ts';
import { openWeb } from './open-web.ts';
import type { Web } from './web.ts';

/** The sign-in of this process. */
export function webAuth(): Auth {
  return authOf(openWeb());
}

/** Sign-in over the parts of a web process. */
export function authOf({ database, mailer, settings, report, clock }: Web): Auth {
  const { system } = database;
  const { publicUrl, authSecret: secret } = settings;
  return {
    options: authOptions({ system, mailer, publicUrl, secret, report }),
    publicUrl,
    admit: (asked) => admitSignIn({ system, now: clock.now() }, asked),
  };
}
