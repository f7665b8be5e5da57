import type { Database } from '../../db/connect.ts';
import { secretDigest } from '../../domain/authz/secret-digest.ts';

/** The invitation behind a secret, whatever became of it. The org is known only by the locator's row. */
export async function findInvitation(database: Database, secret: string) {
  const key = secretDigest(secret);
  const found = await database.system.locator.findUnique({ where: { kind_key: { kind: 'invitation', key } } });
  if (found === null) return null;
  const { orgId, target: id } = found;
  return database.org(orgId).invitation.findUnique({ where: { orgId_id: { orgId, id } } });
}

export type Invitation = NonNullable<Awaited<ReturnType<typeof findInvitation>>>;
