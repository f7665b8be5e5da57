import type { Database } from '../../db/connect.ts';
import { isId } from '../../domain/ids.ts';

/** Who asked for or decided something, as a trailer of a commit names a person or a service account. */
export async function nameRequester(database: Database, orgId: string, id: string): Promise<string> {
  if (isId('serviceAccount', id)) {
    const account = await database.org(orgId).serviceAccount.findUnique({ where: { orgId_id: { orgId, id } } });
    return account === null ? 'unknown' : `service account ${account.name.replace(/[<>]/g, '')}`;
  }
  const user = await database.system.user.findUnique({ where: { id } });
  if (user === null) return 'unknown';
  return `${(user.name ?? user.email.split('@')[0] ?? '').replace(/[<>]/g, '')} <${user.email}>`;
}
