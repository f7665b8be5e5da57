import { budgetsOfRun } from '../../db/burn.ts';
import { alertWords } from '../../domain/budget/alert-words.ts';
import type { BudgetDimension } from '../../domain/budget/ledger.ts';
import { reachedLevel } from '../../domain/budget/levels.ts';
import type { BudgetAlertView } from '../../domain/views/budget-views.ts';
import type { ViewQuery } from './view-query.ts';

type Of = { taskId?: string | undefined; runId?: string | undefined };
const monthly: BudgetDimension[] = ['org', 'team', 'repo', 'agent'];
type Db = Pick<ViewQuery, 'db' | 'orgId' | 'now'>;

/**
 * The budgets that have reached a level of which people are told, the tightest first: of the org, its teams, repos and agents
 * this month, or of everything that one task or run counts in.
 */
export async function getBudgetAlerts(query: Db, of: Of): Promise<BudgetAlertView[]> {
  const { db, orgId, now } = query;
  const month = now.toISOString().slice(0, 7);
  const runId = of.runId ?? (of.taskId ? await lastRunOf(query, of.taskId) : null);
  // A task that nothing was done for counts in nothing but its org yet.
  const dimension = { in: of.taskId === undefined ? monthly : monthly.slice(0, 1) };
  const where = runId ? { id: { in: await budgetsOfRun(db, { orgId, runId, month }) } } : { period: month, dimension };
  const rows = await db.budget.findMany({ where: { orgId, ...where } });
  const nameOf = await names(query);
  const alerts = rows.flatMap((row) => {
    const reached = reachedLevel(row);
    if (!reached) return [];
    const { dimension, subject, period } = row;
    const { level, percent } = reached;
    const name = nameOf(row);
    return [{ dimension, subject, level, percent, name, sentence: alertWords({ ...reached, name, period }) }];
  });
  return alerts.toSorted((a, b) => b.percent - a.percent);
}

async function lastRunOf({ db, orgId }: Db, taskId: string): Promise<string | null> {
  const run = await db.run.findFirst({
    where: { orgId, stageAttempt: { pipelineRun: { taskId } } },
    orderBy: { id: 'desc' },
    select: { id: true },
  });
  return run?.id ?? null;
}

async function names({ db, orgId }: Db) {
  const where = { where: { orgId }, select: { id: true, name: true } };
  const found = [await db.team.findMany(where), await db.repo.findMany(where), await db.agent.findMany(where)].flat();
  const byId = new Map(found.map(({ id, name }) => [id, name]));
  return ({ dimension, subject }: { dimension: string; subject: string }) => {
    if (dimension === 'org') return 'The org';
    if (dimension === 'task' || dimension === 'run') return `This ${dimension}`;
    return `The ${dimension} ${byId.get(subject) ?? ''}`;
  };
}
