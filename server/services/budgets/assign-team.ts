import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

export type TeamAssignment = { dimension: 'repo' | 'agent'; subject: string; teamId: string | null };

/**
 * Puts a repo or an agent into a team, or into none. What its runs use counts there from their next movement on; what was
 * used and reserved before stays where it was counted. Throws `not_found`.
 */
export async function assignTeam(
  { database, orgId, actor, now }: Omit<ActorContext, 'bus'>,
  { dimension, subject, teamId }: TeamAssignment,
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    // The row before the org's log, as a claim takes them; the team after it, as whoever removes one does.
    const where = { orgId, id: subject };
    const { count } = dimension === 'repo' ? await lockRepos(tx, where) : await lockAgents(tx, where);
    if (count === 0) throw new AppError('not_found', `There is no such ${dimension} in this org.`);
    await lockOrgStream(tx, orgId);
    if (teamId !== null && !(await tx.team.findUnique({ where: { orgId_id: { orgId, id: teamId } } }))) {
      throw new AppError('not_found', 'There is no such team in this org.');
    }
    const moving = { where, data: { teamId } };
    await (dimension === 'repo' ? tx.repo.updateMany(moving) : tx.agent.updateMany(moving));
    const payload = { dimension, subject, teamId };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'team.assigned', payload }] });
  });
}

type OfOrg = { orgId: string; id: string };

export const lockRepos = (tx: OrgTx, where: OfOrg) => tx.repo.updateMany({ where, data: { files: { increment: 0 } } });
export const lockAgents = (tx: OrgTx, where: OfOrg) =>
  tx.agent.updateMany({ where, data: { maxRuns: { increment: 0 } } });
