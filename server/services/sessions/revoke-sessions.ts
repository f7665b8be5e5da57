import type { SystemDb } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';

type Own = { system: SystemDb; userId: string };

/** Ends one of the person's own sessions. Throws `not_found` for anybody else's as for one that is gone. */
export async function revokeSession({ system, userId }: Own, { sessionId: id }: { sessionId: string }): Promise<void> {
  const { count } = await system.session.deleteMany({ where: { id, userId } });
  if (count === 0) throw new AppError('not_found', 'There is no such session, or it has ended already.');
}

/** Ends all of the person's sessions, but `keep`. Returns how many. */
export async function revokeSessions({ system, userId }: Own, { keep }: { keep: string | null }): Promise<number> {
  const where = keep === null ? { userId } : { userId, id: { not: keep } };
  return (await system.session.deleteMany({ where })).count;
}
