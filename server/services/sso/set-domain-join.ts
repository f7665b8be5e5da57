import { appendOrgEvents } from '../../db/append-event.ts';
import { AppError } from '../../domain/errors.ts';
import type { JoinRole } from '../../domain/sso/sso-rules.ts';
import type { PeopleContext } from '../people/people-context.ts';
import { domainIn } from './sso-context.ts';

/** As what people with an address of this domain become members when they sign in; null: they do not. */
export async function setDomainJoin(
  { database, orgId, actor, now }: PeopleContext,
  { domainId: id, joinAs }: { domainId: string; joinAs: JoinRole | null },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const { domain, provenAt } = await domainIn(tx, orgId, id);
    if (provenAt === null) throw new AppError('conflict', `Prove first that ${domain} is yours.`);
    await tx.orgDomain.updateMany({ where: { orgId, id }, data: { joinAs } });
    const payload = { domainId: id, domain, joinAs };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'domain.join-set', payload }] });
  });
}
