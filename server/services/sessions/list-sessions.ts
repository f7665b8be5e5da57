import type { SystemDb } from '../../db/connect.ts';
import { deviceWords } from '../../domain/sessions/device-words.ts';
import type { SessionView } from '../../domain/views/session-views.ts';

type Own = { system: SystemDb; userId: string; sessionId: string | undefined; now: Date };

/** A person's own sessions that are not over, last used first. */
export async function listSessions({ system, userId, sessionId, now }: Own): Promise<SessionView[]> {
  const rows = await system.session.findMany({
    where: { userId, expires: { gt: now } },
    orderBy: [{ usedAt: { sort: 'desc', nulls: 'last' } }, { createdAt: 'desc' }],
    take: 200,
  });
  return rows.map(({ id, device, address, createdAt, usedAt, expires }) => ({
    id,
    device: deviceWords(device),
    address: address === 'unknown' ? null : address,
    createdAt: createdAt.toISOString(),
    usedAt: usedAt?.toISOString() ?? null,
    expiresAt: expires.toISOString(),
    isThis: id === sessionId,
  }));
}
