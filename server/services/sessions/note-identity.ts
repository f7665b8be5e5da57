import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';

type Own = { database: Database; userId: string; now: Date };

/** The log of each of the person's orgs says by which other ways the account can be entered, and by which not any more. */
export async function noteIdentity(
  { database, userId, now }: Own,
  change: { provider: 'github' | 'sso'; connected: boolean },
): Promise<void> {
  const actor = { type: 'user' as const, userId };
  const events = [{ kind: 'identity.set' as const, payload: { userId, ...change } }];
  for (const { id: orgId } of await database.orgsOfUser(userId)) {
    await database.transaction(orgId, (tx) => appendOrgEvents(tx, { orgId, actor, at: now, events }));
  }
}

/** The person signs in by mail from now on; sessions that GitHub made go on. Said first, as with sessions. */
export async function disconnectGithub(own: Own): Promise<void> {
  const where = { userId: own.userId, provider: 'github' };
  const { system } = own.database;
  if ((await system.account.count({ where })) === 0) return;
  await noteIdentity(own, { provider: 'github', connected: false });
  await system.account.deleteMany({ where });
}
