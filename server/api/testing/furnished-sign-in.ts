import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import type { TestOrg } from '../../testing/factories.ts';

/** How people come into an org, and that it was to go once, one row of each kind; returns the domain's id. */
export async function furnishSignIn(
  database: Database,
  { orgId, slug, db, owner }: TestOrg,
  { teamId, memberId, now }: { teamId: string; memberId: string; now: Date },
): Promise<string> {
  const [domainId, domain, { userId }] = [newId('orgDomain'), `${slug}.example`, owner];
  await db.orgDomain.create({ data: { orgId, id: domainId, domain, proof: 'p'.repeat(43), createdAt: now } });
  await database.system.provenDomain.create({ data: { orgId, domain } });
  const sealed = { ciphertext: Buffer.alloc(32), nonce: Buffer.alloc(12), keyVersion: 1 };
  const at = { issuer: `https://login.${domain}`, clientId: 'x', byOperator: false, updatedAt: now };
  await db.ssoProvider.create({ data: { orgId, id: newId('ssoProvider'), ...at, ...sealed } });
  await db.teamMember.create({ data: { orgId, id: newId('teamMember'), teamId, memberId } });
  await db.joinBar.create({ data: { orgId, id: newId('joinBar'), userId: newId('user'), createdAt: now } });
  const bypass = { userId, sessionId: newId('session'), createdAt: now, expiresAt: now };
  await db.ssoBypass.create({ data: { orgId, id: newId('ssoBypass'), ...bypass } });
  const deletion = { orgId, id: newId('orgDeletion') };
  await db.orgDeletion.create({ data: { ...deletion, requestedBy: userId, dueAt: now } });
  await db.orgDeletion.updateMany({ where: deletion, data: { undoneAt: now, undoneBy: userId } });
  return domainId;
}
