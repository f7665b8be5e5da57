import type { TeamsView } from '../../domain/views/team-views.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';

const byName = { select: { name: true }, orderBy: { name: 'asc' as const } };

/** The org's teams by name, and the members that could be in them. */
export async function listTeams({ db, system, orgId }: ViewQuery): Promise<TeamsView> {
  const [teams, members] = await Promise.all([
    db.team.findMany({
      where: { orgId },
      orderBy: { name: 'asc' },
      include: { members: { select: { memberId: true } }, repos: byName, agents: byName },
    }),
    db.member.findMany({ where: { orgId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
  ]);
  const nameOf = await namesOf(
    { system, db },
    members.map(({ userId }) => userId),
  );
  return {
    teams: teams.map(({ id, name, members: inside, repos, agents }) => ({
      id,
      name,
      memberIds: inside.map(({ memberId }) => memberId),
      repos: repos.map((repo) => repo.name),
      agents: agents.map((agent) => agent.name),
    })),
    members: members.map(({ id, userId }) => ({ id, email: nameOf(userId) })),
  };
}
