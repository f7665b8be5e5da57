import { appendOrgEvents } from '../../db/append-event.ts';
import { checkLevels } from '../../domain/budget/levels.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
import { warnIn } from './warn-budgets.ts';

/**
 * Sets at which percentages of any budget the org's people are told; none turns that off. It holds at once, also for what is
 * under way: a level that was passed before is told of now. Throws `invalid_input` for levels that are none.
 */
export async function setLevels(
  { database, orgId, actor, now }: Omit<ActorContext, 'bus'>,
  { levels }: { levels: number[] },
): Promise<void> {
  checkLevels(levels);
  const warnAt = levels.toSorted((a, b) => a - b);
  await database.transaction(orgId, async (tx) => {
    await tx.org.updateMany({ where: { id: orgId }, data: { warnAt } });
    // In the order of their ids, as every movement takes them.
    const open = await tx.budget.findMany({ where: { orgId }, select: { id: true }, orderBy: { id: 'asc' } });
    for (const { id } of open) await tx.budget.updateMany({ where: { orgId, id }, data: { warnAt } });
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'budget-levels.set', payload: { warnAt } }] });
    const period = now.toISOString().slice(0, 7);
    const current = await tx.budget.findMany({ where: { orgId, period }, select: { id: true } });
    await warnIn(tx, { orgId, now, budgetIds: current.map(({ id }) => id) });
  });
}
