import type { SystemDb } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { OutboxMailView } from '../../domain/views/views.ts';

const shown = 100;

/**
 * The latest mails of an installation without an SMTP server, for its operator. To everyone else, and as soon as SMTP or
 * a public URL is configured, there is no such page: sign-in links of other people lie in it.
 */
export async function listOutbox({
  system,
  outbox,
  operator,
}: {
  system: SystemDb;
  outbox: boolean;
  operator: boolean;
}): Promise<OutboxMailView[]> {
  if (!outbox || !operator) throw new AppError('not_found', 'There is no such page.');
  const mails = await system.outboxMail.findMany({ orderBy: [{ sentAt: 'desc' }, { id: 'desc' }], take: shown });
  return mails.map(({ id, to, subject, text, sentAt }) => ({ id, to, subject, text, sentAt: sentAt.toISOString() }));
}
