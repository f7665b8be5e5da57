import { withinRule } from '../../../domain/runs/run-limits.ts';
import type { AccessSide, MoneyRow } from '../../../domain/views/access-view.ts';
import type { BudgetRowView } from '../../../domain/views/budget-views.ts';
import { readRule } from '../../budgets/read-rule.ts';
import { getBudgets } from '../../views/get-budgets.ts';
import type { ViewQuery } from '../../views/view-query.ts';
import type { OpenSide, Place } from './open-side.ts';

const words: Partial<Record<BudgetRowView['dimension'], string>> = {
  org: 'This month, the org',
  team: 'This month, the team',
  repo: 'This month, the repo',
  agent: 'This month, the agent',
};

const left = (limit: number | null, used: number) => (limit === null ? null : Math.max(0, limit - used));

/** What a new run of each side may use, and what is left in every account that it would draw on. */
export async function readMoney(
  query: ViewQuery,
  { repo, task }: Place,
  sides: readonly OpenSide[],
): Promise<Pick<AccessSide, 'runLimits' | 'money'>[]> {
  const { db, orgId } = query;
  const { rows } = await getBudgets(query);
  const rule = await readRule(db, { orgId, dimension: 'run' });
  const ofTask = task && (await taskRow(query, task.id));
  return sides.map(({ body, agents }) => {
    const { costLimitMicros: micros, secondsLimit: seconds } = withinRule(body, rule);
    const own = rows.filter(({ dimension, subject }) => dimension === 'agent' && agents.includes(subject));
    const teams = new Set([repo.teamId, ...own.map(({ teamId }) => teamId)]);
    const drawn = rows.filter(
      ({ dimension, subject }) =>
        dimension === 'org' ||
        (dimension === 'repo' && subject === repo.id) ||
        (dimension === 'team' && teams.has(subject)) ||
        (dimension === 'agent' && agents.includes(subject)),
    );
    const money = drawn.map(({ dimension, name, micros: limitMicros, usedMicros, reservedMicros }): MoneyRow => ({
      of: words[dimension]!,
      name: dimension === 'org' ? '' : name,
      limitMicros,
      leftMicros: left(limitMicros, usedMicros + reservedMicros),
    }));
    return { runLimits: { micros, seconds }, money: ofTask ? [ofTask, ...money] : money };
  });
}

async function taskRow({ db, orgId }: ViewQuery, taskId: string): Promise<MoneyRow | null> {
  const key = { orgId, dimension: 'task' as const, subject: taskId, period: 'total' };
  const account = await db.budget.findUnique({ where: { orgId_dimension_subject_period: key } });
  if (!account) return null;
  const limitMicros = account.microsLimit === null ? null : Number(account.microsLimit);
  const leftMicros = left(limitMicros, Number(account.microsUsed + account.microsReserved));
  return { of: 'The task', name: '', limitMicros, leftMicros };
}
