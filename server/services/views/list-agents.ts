import { roleBody } from '../../domain/roles/role-body.ts';
import { writeScopeInWords } from '../../domain/scope/write-scope.ts';
import type { AgentView } from '../../domain/views/agent-view.ts';
import type { ViewQuery } from './view-query.ts';

/** Who works for this org, and who did; each by the newest version of its role. */
export async function listAgents({ db, orgId }: Pick<ViewQuery, 'db' | 'orgId'>): Promise<AgentView[]> {
  const rows = await db.agent.findMany({
    where: { orgId },
    include: {
      role: { include: { versions: { orderBy: { version: 'desc' }, take: 1 } } },
      runs: { where: { status: { in: ['queued', 'running', 'waiting'] } }, select: { id: true } },
    },
    orderBy: { id: 'asc' },
  });
  return rows.flatMap(({ id, name, role, runs, retiredAt }) => {
    const version = role.versions[0];
    if (!version) return [];
    const { title, purpose, write, tools, secondsLimit, costLimitMicros } = roleBody.parse(version.body);
    const says = { title, purpose, write: writeScopeInWords(write), tools, secondsLimit, costLimitMicros };
    return [{ id, name, role: role.name, ...says, openRuns: runs.length, retiredAt: retiredAt?.toISOString() ?? null }];
  });
}
