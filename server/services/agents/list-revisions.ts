import { readSettings, settingsText } from '../../domain/agents/agent-settings.ts';
import { AppError } from '../../domain/errors.ts';
import type { AgentRevisionView } from '../../domain/views/agent-view.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';

const mostRevisions = 50;

/** What an agent was set to, the newest first, by whom and why, and how many runs had each. Throws `not_found`. */
export async function listRevisions(
  { db, system, orgId }: ViewQuery,
  { agentId }: { agentId: string },
): Promise<AgentRevisionView[]> {
  const agent = await db.agent.findUnique({ where: { orgId_id: { orgId, id: agentId } }, select: { id: true } });
  if (!agent) throw new AppError('not_found', 'There is no such agent in this org.');
  const rows = await db.agentRevision.findMany({
    where: { orgId, agentId },
    orderBy: { number: 'desc' },
    take: mostRevisions,
    include: { _count: { select: { runs: true } } },
  });
  const repos = await db.repo.findMany({ where: { orgId }, select: { id: true, name: true } });
  const repoOf = new Map(repos.map(({ id, name }) => [id, name]));
  const nameOf = await namesOf(
    { system, db },
    rows.flatMap(({ authorId }) => authorId ?? []),
  );
  return rows.map(({ number, body, note, authorId, createdAt, _count }) => {
    const settings = readSettings(body);
    const repo = settings.repoId === null ? null : (repoOf.get(settings.repoId) ?? settings.repoId);
    return {
      ...{ version: number, settings, text: settingsText(settings, { repo }), note },
      author: authorId === null ? null : nameOf(authorId),
      createdAt: createdAt.toISOString(),
      runs: _count.runs,
    };
  });
}
