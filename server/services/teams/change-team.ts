import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { lockAgents, lockRepos } from '../budgets/assign-team.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import type { PeopleContext } from '../people/people-context.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

/**
 * One change of a team, under the org's lock, with its events; none where nothing changed. `before` takes rows that others
 * take before that lock. Throws `not_found`.
 */
async function change(
  { database, orgId, actor, now }: PeopleContext,
  teamId: string,
  make: (tx: OrgTx, team: { name: string }) => Promise<OrgEvent[]>,
  before: (tx: OrgTx) => Promise<void> = async () => {},
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    await before(tx);
    await lockOrgStream(tx, orgId);
    const team = await tx.team.findUnique({ where: { orgId_id: { orgId, id: teamId } } });
    if (team === null) throw new AppError('not_found', 'There is no such team in this org.');
    const events = await make(tx, team);
    if (events.length > 0) await appendOrgEvents(tx, { orgId, actor, at: now, events });
  });
}

/** Throws `conflict` for a name that is taken. */
export async function renameTeam(
  context: PeopleContext,
  { teamId, name }: { teamId: string; name: string },
): Promise<void> {
  const { orgId } = context;
  try {
    await change(context, teamId, async (tx, { name: from }) => {
      if (from === name) return [];
      await tx.team.updateMany({ where: { orgId, id: teamId }, data: { name } });
      return [{ kind: 'team.renamed', payload: { teamId, from, to: name } }];
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', `This org has a team named ${name} already. Choose another name.`);
  }
}

/** Removes a team; its repos and agents belong to none. What was counted in its budget stays counted there. */
export async function removeTeam(context: PeopleContext, { teamId }: { teamId: string }): Promise<void> {
  const { orgId } = context;
  const inIt = { where: { orgId, teamId } };
  const membersOf = async (tx: OrgTx) => {
    const inOrder = { ...inIt, orderBy: { id: 'asc' as const }, select: { id: true } };
    return { repos: await tx.repo.findMany(inOrder), agents: await tx.agent.findMany(inOrder) };
  };
  const held = new Set<string>();
  const hold = async (tx: OrgTx) => {
    const { repos, agents } = await membersOf(tx);
    for (const { id } of repos) await lockRepos(tx, { orgId, id });
    for (const { id } of agents) await lockAgents(tx, { orgId, id });
    for (const { id } of [...repos, ...agents]) held.add(id);
  };
  const remove = async (tx: OrgTx, { name }: { name: string }): Promise<OrgEvent[]> => {
    const { repos, agents } = await membersOf(tx);
    if ([...repos, ...agents].some(({ id }) => !held.has(id))) {
      throw new AppError('conflict', 'Something was put into this team meanwhile. Look at it, then remove it again.');
    }
    await tx.repo.updateMany({ ...inIt, data: { teamId: null } });
    await tx.agent.updateMany({ ...inIt, data: { teamId: null } });
    await tx.teamMember.deleteMany(inIt);
    await tx.team.deleteMany({ where: { orgId, id: teamId } });
    const out = (dimension: 'repo' | 'agent') => (row: { id: string }) => ({
      kind: 'team.assigned' as const,
      payload: { dimension, subject: row.id, teamId: null },
    });
    return [
      ...repos.map(out('repo')),
      ...agents.map(out('agent')),
      { kind: 'team.removed' as const, payload: { teamId, name } },
    ];
  };
  await change(context, teamId, remove, hold);
}

/** Puts a member into the team, or takes one out; as it is already changes nothing. Throws `not_found`. */
export async function setTeamMember(
  context: PeopleContext,
  { teamId, memberId, isIn }: { teamId: string; memberId: string; isIn: boolean },
): Promise<void> {
  const { orgId } = context;
  await change(context, teamId, async (tx) => {
    const member = await tx.member.findUnique({ where: { orgId_id: { orgId, id: memberId } } });
    if (member === null) throw new AppError('not_found', 'There is no such member.');
    const row = { orgId, teamId, memberId };
    const { count } = isIn
      ? await tx.teamMember.createMany({ data: [{ ...row, id: newId('teamMember') }], skipDuplicates: true })
      : await tx.teamMember.deleteMany({ where: row });
    return count === 0 ? [] : [{ kind: 'team.member-set', payload: { teamId, userId: member.userId, isIn } }];
  });
}
