import type { SystemDb } from '../db/connect.ts';
import { isOperator } from './claim-installation.ts';
import { cookiesOf } from './handle-auth.ts';
import { clientOf } from './limit-sign-in.ts';
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
  await noteUse(system, row, { headers, now });
  const { userId, id: sessionId, provider } = row;
  return { userId, email: row.user.email, operator: await isOperator(system, userId), sessionId, provider };
}

const noteMs = 60_000;

/** What the list of a person's sessions shows; at most one write a minute, of which one of many requests at once wins. */
async function noteUse(
  system: SystemDb,
  { id, usedAt }: { id: string; usedAt: Date | null },
  { headers, now }: { headers: Headers; now: Date },
): Promise<void> {
  if (usedAt !== null && now.getTime() - usedAt.getTime() < noteMs) return;
  const device = (headers.get('user-agent') ?? '').slice(0, 300);
  await system.session.updateMany({ where: { id, usedAt }, data: { usedAt: now, device, address: clientOf(headers) } });
}

/** Whether a session is still good: neither ended nor over. */
export async function sessionHolds(system: SystemDb, id: string, now: Date): Promise<boolean> {
  return (await system.session.count({ where: { id, expires: { gt: now } } })) > 0;
}

/** When the person of a session signed in; null where there is no such session. */
export async function signedInAt(system: SystemDb, id: string | undefined): Promise<Date | null> {
  if (id === undefined) return null;
  return (await system.session.findUnique({ where: { id } }))?.createdAt ?? null;
}
