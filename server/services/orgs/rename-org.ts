import { appendOrgEvents } from '../../db/append-event.ts';
import type { PeopleContext } from '../people/people-context.ts';
import { lockOrg } from './lock-org.ts';

/** Gives the org another name. Its short name stays, so that every link to its pages goes on working. */
export async function renameOrg(
  { database, orgId, actor, now }: PeopleContext,
  { name }: { name: string },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    await lockOrg(tx, orgId);
    const { name: from } = await tx.org.findUniqueOrThrow({ where: { id: orgId } });
    if (from === name) return;
    await tx.org.updateMany({ where: { id: orgId }, data: { name } });
    await appendOrgEvents(tx, {
      orgId,
      actor,
      at: now,
      events: [{ kind: 'org.renamed', payload: { from, to: name } }],
    });
  });
}
