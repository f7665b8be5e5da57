import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { TxtRecords } from '../../domain/ports/txt-records.ts';
import { proofName, proofText } from '../../domain/sso/mail-domain.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import type { PeopleContext } from '../people/people-context.ts';
import { domainIn } from './sso-context.ts';

/**
 * Looks for the domain's proof in DNS. A domain is one org's alone: throws `conflict` where the record is not there, or
 * where another org has proven it.
 */
export async function proveDomain(
  { database, orgId, actor, now, txtRecords }: PeopleContext & { txtRecords: TxtRecords },
  { domainId: id }: { domainId: string },
): Promise<void> {
  const { domain, proof } = await domainIn(database.org(orgId), orgId, id);
  const records = await txtRecords(proofName(domain));
  if (!records.includes(proofText(proof))) {
    throw new AppError(
      'conflict',
      `DNS has no such record yet at ${proofName(domain)}. After a change it can take an hour until it is seen.`,
    );
  }
  await hold(database, { domain, orgId });
  const isThere = await database.transaction(orgId, async (tx) => {
    const { count } = await tx.orgDomain.updateMany({
      where: { orgId, id, OR: [{ provenAt: null }, { lostAt: { not: null } }] },
      data: { provenAt: now, lookedAt: now, lostAt: null },
    });
    if (count === 0) return (await tx.orgDomain.count({ where: { orgId, domain } })) > 0;
    const payload = { domainId: id, domain };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'domain.proven', payload }] });
    return true;
  });
  if (isThere) return;
  // Removed while DNS was asked: held on to, it could be proven by nobody else.
  await database.system.provenDomain.deleteMany({ where: { domain, orgId } });
  throw new AppError('not_found', 'There is no such domain in this org any more.');
}

/** Writes down whose the domain is. Throws `conflict` where it is another org's. */
async function hold(database: Database, { domain, orgId }: { domain: string; orgId: string }): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      await database.system.provenDomain.create({ data: { domain, orgId } });
      return;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
    const holder = await database.system.provenDomain.findUnique({ where: { domain } });
    if (holder?.orgId === orgId) return;
    if (holder !== null && (await stillHas(database, { domain, orgId: holder.orgId }))) break;
    // Given up there, and cut off before it was written down here: it is nobody's.
    if (holder !== null) await database.system.provenDomain.deleteMany({ where: { domain, orgId: holder.orgId } });
  }
  throw new AppError(
    'conflict',
    `${domain} belongs to another org of this installation. It has to be removed there first.`,
  );
}

const stillHas = async ({ org }: Database, { domain, orgId }: { domain: string; orgId: string }) =>
  (await org(orgId).orgDomain.count({ where: { orgId, domain } })) > 0;
