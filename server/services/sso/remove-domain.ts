import { appendOrgEvents } from '../../db/append-event.ts';
import type { PeopleContext } from '../people/people-context.ts';
import { domainIn } from './sso-context.ts';

/** Gives a domain up: nobody joins or signs in by it any more, and another org may prove it. Members stay. */
export async function removeDomain(
  { database, orgId, actor, now }: PeopleContext,
  { domainId: id }: { domainId: string },
): Promise<void> {
  const { domain } = await database.transaction(orgId, async (tx) => {
    const row = await domainIn(tx, orgId, id);
    await tx.orgDomain.deleteMany({ where: { orgId, id } });
    const payload = { domainId: id, domain: row.domain };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'domain.removed', payload }] });
    return row;
  });
  await database.system.provenDomain.deleteMany({ where: { domain, orgId } });
}
