import type { Config } from '../../config/config.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';
import { noMail } from './no-mail.ts';
import { outboxMailer, type OutboxTable } from './outbox.ts';
import { smtpMailer } from './smtp.ts';

type Settings = Pick<Config, 'smtpUrl' | 'publicUrl' | 'publicUrlGiven'>;

/** Mail stays on this machine only while the installation does: neither SMTP nor a public URL is configured. */
export function hasOutbox({ smtpUrl, publicUrlGiven }: Settings): boolean {
  return smtpUrl === null && !publicUrlGiven;
}

/** How this installation sends mail. */
export function mailerOf(
  settings: Settings,
  outbox: { table: OutboxTable; newId: () => string; clock: Clock },
): Mailer {
  const { smtpUrl, publicUrl } = settings;
  if (smtpUrl !== null) return smtpMailer({ url: smtpUrl, from: `Fleet <fleet@${new URL(publicUrl).hostname}>` });
  return hasOutbox(settings) ? outboxMailer(outbox) : noMail();
}
