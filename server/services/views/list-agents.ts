import { readSettings } from '../../domain/agents/agent-settings.ts';
import { approverWords } from '../../domain/policy/approval-rule.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { writeScopeInWords } from '../../domain/scope/write-scope.ts';
import type { AgentView } from '../../domain/views/agent-view.ts';
import { readApprovalRule, readWaitsFor } from '../policy/approval-rule.ts';
import type { ViewQuery } from './view-query.ts';

/** Who works for this org, and who did; each by the version of its role that its next run has. */
export async function listAgents({ db, orgId }: Pick<ViewQuery, 'db' | 'orgId'>): Promise<AgentView[]> {
  const rows = await db.agent.findMany({
    where: { orgId },
    include: {
      role: { include: { versions: { orderBy: { version: 'desc' } } } },
      revisions: { orderBy: { number: 'desc' }, take: 1 },
      runs: { where: { status: { in: ['queued', 'running', 'waiting'] } }, select: { id: true } },
    },
    orderBy: { id: 'asc' },
  });
  const repos = await db.repo.findMany({ where: { orgId }, select: { id: true, name: true } });
  const rule = await readApprovalRule(db, orgId);
  const waits = (await readWaitsFor(db, orgId, 'agents')) !== null;
  const approval = rule && { by: approverWords(rule), waits };
  return rows.flatMap(({ id, name, role, repoId, revision, revisions, runs, retiredAt }) => {
    const [newest, last] = [role.versions[0], revisions[0]];
    if (!newest || !last) return [];
    const settings = readSettings(last.body);
    const version = role.versions.find(({ version: each }) => each === settings.roleVersion) ?? newest;
    const { title, purpose, write, tools, secondsLimit, costLimitMicros } = roleBody.parse(version.body);
    return [
      {
        ...{ id, name, role: role.name, title, purpose, write: writeScopeInWords(write), tools },
        ...{ secondsLimit, costLimitMicros, openRuns: runs.length, revision, settings },
        retiredAt: retiredAt?.toISOString() ?? null,
        repo: repos.find((repo) => repo.id === repoId)?.name ?? null,
        roleVersion: version.version,
        newestRoleVersion: newest.version,
        approval,
      },
    ];
  });
}
