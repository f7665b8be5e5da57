import { createTransport } from 'nodemailer';
import { AppError } from '../../domain/errors.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';
import { plainAddress } from './plain-address.ts';

/** Sends through the SMTP server at `url` (smtp:// or smtps://, with user and password in it where it wants them). */
export function smtpMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = createTransport({ url, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 });
  return {
    async send({ to, subject, text }) {
      const address = plainAddress(to);
      try {
        await transport.sendMail({ from, to: { name: '', address }, subject, text });
      } catch {
        throw new AppError(
          'unavailable',
          'The mail could not be sent: the SMTP server did not take it. Check SMTP_URL.',
        );
      }
    },
  };
}
