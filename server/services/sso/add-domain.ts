import { appendOrgEvents } from '../../db/append-event.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { isMailDomain, isPublicMail } from '../../domain/sso/mail-domain.ts';
import type { PeopleContext } from '../people/people-context.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

const most = 50;

/** Notes a mail domain that the org says is its own; it counts for nothing until it is proven. `proof`: random bits. */
export async function addDomain(
  { database, orgId, actor, now, proof }: PeopleContext & { proof: string },
  asked: { domain: string },
): Promise<{ domainId: string }> {
  const domain = asked.domain.trim().toLowerCase().replace(/\.$/, '');
  if (!isMailDomain(domain)) throw new AppError('invalid_input', 'Type what stands behind the @, such as example.com.');
  if (isPublicMail(domain)) {
    throw new AppError(
      'invalid_input',
      `Anybody can have an address of ${domain}. Only a domain of your own can be added.`,
    );
  }
  const id = newId('orgDomain');
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const there = await tx.orgDomain.findMany({ where: { orgId }, select: { domain: true } });
    if (there.some((each) => each.domain === domain)) throw new AppError('conflict', `${domain} was added already.`);
    if (there.length >= most) throw new AppError('conflict', `An org has at most ${most} domains. Remove one first.`);
    await tx.orgDomain.create({ data: { orgId, id, domain, proof, createdAt: now } });
    const payload = { domainId: id, domain };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'domain.added', payload }] });
  });
  return { domainId: id };
}
