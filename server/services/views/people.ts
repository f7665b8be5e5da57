import type { SystemDb } from '../../db/connect.ts';

/** E-mail addresses of people by user id; someone who was removed is shown as such. */
export async function emailsOf(system: SystemDb, userIds: string[]): Promise<(userId: string) => string> {
  const ids = [...new Set(userIds)];
  const users = ids.length === 0 ? [] : await system.user.findMany({ where: { id: { in: ids } } });
  const byId = new Map(users.map((user) => [user.id, user.email]));
  return (userId) => byId.get(userId) ?? 'a person who was removed';
}
