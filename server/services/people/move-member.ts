import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { whyNotMove } from '../../domain/authz/member-rules.ts';
import type { OrgRole } from '../../domain/authz/scopes.ts';
import { AppError } from '../../domain/errors.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { actingMember, type PeopleContext } from './people-context.ts';

/**
 * Gives a member another role or, with `to` null, removes the member; removing oneself is leaving. Who asks and who is
 * asked about are read under the org's lock: of two owners who demote each other at once, one is owner no more when it is
 * his turn. Throws `forbidden`, `not_found` or `conflict` (the last owner).
 */
export async function moveMember(
  context: PeopleContext,
  { memberId, to }: { memberId: string; to: OrgRole | null },
): Promise<void> {
  const { database, orgId } = context;
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    await move(tx, context, { memberId, to });
  });
}

/** Makes another member an owner and oneself an admin, both or nothing. */
export async function transferOrg(context: PeopleContext, { memberId }: { memberId: string }): Promise<void> {
  const { database, orgId } = context;
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const { userId } = await actingMember(tx, context);
    const own = await tx.member.findUniqueOrThrow({ where: { orgId_userId: { orgId, userId } } });
    if (own.id === memberId) throw new AppError('invalid_input', 'Choose another member: you are the owner already.');
    await move(tx, context, { memberId, to: 'owner' });
    await move(tx, context, { memberId: own.id, to: 'admin' });
  });
}

async function move(
  tx: OrgTx,
  context: PeopleContext,
  { memberId, to }: { memberId: string; to: OrgRole | null },
): Promise<void> {
  const { orgId, actor, now } = context;
  const by = await actingMember(tx, context);
  const target = await tx.member.findUnique({ where: { orgId_id: { orgId, id: memberId } } });
  if (target === null) throw new AppError('not_found', 'There is no such member.');
  const owners = await tx.member.count({ where: { orgId, role: 'owner' } });
  const refusal = whyNotMove({ by, target, to, owners });
  if (refusal !== null) throw new AppError(refusal.code, refusal.why);
  const { userId, role: from } = target;
  if (from === to) return;
  const where = { orgId, id: memberId, role: from };
  if (to === null) await tx.teamMember.deleteMany({ where: { orgId, memberId } });
  const { count } = await (to === null
    ? tx.member.deleteMany({ where })
    : tx.member.updateMany({ where, data: { role: to } }));
  if (count === 0) throw new AppError('conflict', 'Somebody else changed this member just now. Load the page again.');
  if (to === null && userId !== by.userId) {
    await tx.joinBar.createMany({
      data: [{ orgId, id: newId('joinBar'), userId, createdAt: now }],
      skipDuplicates: true,
    });
  }
  const event: OrgEvent =
    to === null
      ? { kind: 'member.removed', payload: { userId, role: from } }
      : { kind: 'member.role-changed', payload: { userId, from, to } };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [event] });
}
