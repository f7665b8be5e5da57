import { AppError } from '../../domain/errors.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';

/** For an installation that is published without an SMTP server: saying so beats keeping mail that nobody may read. */
export function noMail(): Mailer {
  return {
    async send() {
      throw new AppError('unavailable', 'No mail can be sent: the operator has to set SMTP_URL.');
    },
  };
}
