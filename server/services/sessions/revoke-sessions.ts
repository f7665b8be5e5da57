import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';

type Own = { database: Database; userId: string; now: Date };

/** Ends one of the person's own sessions. Throws `not_found` for anybody else's as for one that is gone. */
export async function revokeSession(own: Own, { sessionId: id }: { sessionId: string }): Promise<void> {
  if ((await end(own, { id })) === 0)
    throw new AppError('not_found', 'There is no such session, or it has ended already.');
}

/** Ends all of the person's sessions, but `keep`. Returns how many. */
export async function revokeSessions(own: Own, { keep }: { keep: string | null }): Promise<number> {
  return end(own, keep === null ? {} : { id: { not: keep } });
}

/** The log of each of the person's orgs says so first: a crash in between leaves a session that can be ended again. */
async function end({ database, userId, now }: Own, which: { id?: string | { not: string } }): Promise<number> {
  const { system } = database;
  const where = { ...which, userId };
  const count = await system.session.count({ where });
  if (count === 0) return 0;
  const actor = { type: 'user' as const, userId };
  const events = [{ kind: 'session.ended' as const, payload: { userId, count } }];
  for (const { id: orgId } of await database.orgsOfUser(userId)) {
    await database.transaction(orgId, (tx) => appendOrgEvents(tx, { orgId, actor, at: now, events }));
  }
  return (await system.session.deleteMany({ where })).count;
}
