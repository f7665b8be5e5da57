import { isIP } from 'node:net';
import type { SystemDb } from '../db/connect.ts';
import { newId } from '../db/new-id.ts';

const windowMs = 15 * 60 * 1000;
const mostPerEmail = 5;
const mostPerClient = 30;

/** People at the machine itself and programs on it; a proxy there names whom it speaks for. */
const thisMachine = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Where a request came from: the last hop that the server in front, or Next for a direct connection, wrote down. What a
 * client claims further left is not believed; `unknown` is a client like any other.
 */
export function clientOf(headers: Headers): string {
  const last = (headers.get('x-forwarded-for') ?? '').split(',').at(-1)?.trim() ?? '';
  return isIP(last) ? last : 'unknown';
}

/**
 * Whether one more sign-in mail may be sent: at most 5 in 15 minutes to one address and 30 for one client, counted in the
 * database so that restarts and further web processes count too. A refused request does not count: nobody is kept out for
 * longer than the mails that were sent justify. The answer never depends on whether the address has an account.
 */
export async function admitSignIn(
  { system, now }: { system: SystemDb; now: Date },
  asked: { email: string; client: string },
): Promise<boolean> {
  const email = asked.email.trim().toLowerCase().slice(0, 320);
  const { client } = asked;
  const since = new Date(now.getTime() - windowMs);
  await system.signInRequest.deleteMany({ where: { at: { lte: since } } });
  const id = newId('signInRequest');
  await system.signInRequest.create({ data: { id, email, client, at: now } });
  const [toEmail, fromClient] = await Promise.all([
    system.signInRequest.count({ where: { email, at: { gt: since } } }),
    system.signInRequest.count({ where: { client, at: { gt: since } } }),
  ]);
  const admitted = toEmail <= mostPerEmail && (fromClient <= mostPerClient || thisMachine.test(client));
  if (!admitted) await system.signInRequest.deleteMany({ where: { id } });
  return admitted;
}
