import { randomBytes } from 'node:crypto';
import { sessionDigest } from '../../auth/session-token.ts';
import { newId } from '../../db/new-id.ts';
import type { Database } from '../../db/connect.ts';

/** The cookie header of a fresh session, without the way through a mailbox. */
export async function signedInCookie(database: Database, userId: string): Promise<string> {
  const token = randomBytes(24).toString('hex');
  const expires = new Date(Date.now() + 3_600_000);
  await database.system.session.create({
    data: { id: newId('session'), sessionToken: sessionDigest(token), userId, expires },
  });
  return `next-auth.session-token=${token}`;
}
