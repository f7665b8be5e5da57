import { appendOrgEvents } from '../../db/append-event.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import type { ActorContext } from '../pipeline/work-context.ts';

/** Adds a team, whose repos and agents share a budget. Throws `conflict` for a name that is taken. */
export async function addTeam(
  { database, orgId, actor, now }: Omit<ActorContext, 'bus'>,
  { name }: { name: string },
): Promise<{ teamId: string }> {
  const teamId = newId('team');
  try {
    await database.transaction(orgId, async (tx) => {
      await tx.team.create({ data: { orgId, id: teamId, name, createdAt: now } });
      await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'team.added', payload: { teamId, name } }] });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', `This org has a team named ${name} already. Choose another name.`);
  }
  return { teamId };
}
