import type { SystemDb } from '../db/connect.ts';
import { isOperator } from './claim-installation.ts';
import { cookiesOf } from './handle-auth.ts';
import { sessionCookie, sessionDigest } from './session-token.ts';
import type { Viewer } from './viewer.ts';

/** Who sent these request headers, by the session cookie in them; null when nobody is signed in or the session is over. */
export async function sessionFromHeaders(
  system: SystemDb,
  headers: Headers,
  { publicUrl, now }: { publicUrl: string; now: Date },
): Promise<Viewer | null> {
  const token = cookiesOf(headers)[sessionCookie(publicUrl)];
  if (token === undefined || token === '') return null;
  const row = await system.session.findUnique({
    where: { sessionToken: sessionDigest(token) },
    include: { user: true },
  });
  if (row === null || row.expires <= now) return null;
  return { userId: row.userId, email: row.user.email, operator: await isOperator(system, row.userId) };
}
