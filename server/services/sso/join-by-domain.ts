import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { domainOf } from '../../domain/sso/mail-domain.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

/**
 * Makes somebody whose address was just proven a member of the org that has its domain, where that org wants it. Whom the
 * org removed once stays out until somebody invites them.
 */
export async function joinByDomain(
  { database, now }: { database: Database; now: Date },
  { userId, email }: { userId: string; email: string },
): Promise<void> {
  const domain = domainOf(email);
  const held = await database.system.provenDomain.findUnique({ where: { domain } });
  if (held === null) return;
  const { orgId } = held;
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const row = await tx.orgDomain.findUnique({ where: { orgId_domain: { orgId, domain } } });
    if (row?.joinAs == null || row.provenAt === null || row.lostAt !== null) return;
    const where = { orgId, userId };
    if ((await tx.member.count({ where })) + (await tx.joinBar.count({ where })) > 0) return;
    const { joinAs: role } = row;
    await tx.member.create({ data: { ...where, id: newId('member'), role, createdAt: now } });
    const actor = { type: 'user' as const, userId };
    const payload = { userId, role, domain };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'member.joined', payload }] });
  });
}
