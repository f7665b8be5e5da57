import type { Database } from '../../db/connect.ts';
import type { Mail, Mailer } from '../../domain/ports/mailer.ts';

/** The addresses of the org's owners. */
export async function ownersOf({ org, system }: Pick<Database, 'org' | 'system'>, orgId: string): Promise<string[]> {
  const owners = await org(orgId).member.findMany({ where: { orgId, role: 'owner' } });
  const users = await system.user.findMany({ where: { id: { in: owners.map(({ userId }) => userId) } } });
  return users.map(({ email }) => email);
}

type Telling = { mailer: Mailer; report(error: unknown, where: string): void };

/** Mails each of them; what cannot be sent is told to the operator's log and keeps nothing from happening. */
export async function mailEach(
  { mailer, report }: Telling,
  addresses: string[],
  mail: Omit<Mail, 'to'>,
): Promise<void> {
  for (const to of addresses) {
    await mailer.send({ to, ...mail }).catch((error: unknown) => report(error, 'a mail to an owner'));
  }
}
