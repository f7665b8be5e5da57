import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { reachedLevel } from '../../domain/budget/levels.ts';
import { platform } from '../pipeline/work-context.ts';

type Warning = { orgId: string; now: Date; budgetIds: string[] };

/** As `warnIn`, in a transaction of its own. */
export async function warnBudgets({ database }: { database: Database }, warning: Warning): Promise<void> {
  if (warning.budgetIds.length === 0) return;
  await database.transaction(warning.orgId, (tx) => warnIn(tx, warning));
}

/** Tells the org once of every level that its budgets have reached since it was last told. Late in the caller's transaction. */
export async function warnIn(tx: OrgTx, { orgId, now, budgetIds }: Warning): Promise<void> {
  const events: OrgEvent[] = [];
  for (const id of budgetIds.toSorted()) events.push(...(await warn(tx, orgId, id)));
  if (events.length > 0) await appendOrgEvents(tx, { orgId, actor: platform, at: now, events });
}

async function warn(tx: OrgTx, orgId: string, id: string): Promise<OrgEvent[]> {
  const row = await tx.budget.findUniqueOrThrow({ where: { orgId_id: { orgId, id } } });
  const reached = reachedLevel(row);
  if (!reached || reached.level <= row.warned) return [];
  const told = await tx.budget.updateMany({
    where: { orgId, id, warned: { lt: reached.level } },
    data: { warned: reached.level },
  });
  if (told.count === 0) return [];
  const { dimension, subject, period } = row;
  const { unit, level, used, limit } = reached;
  const payload = { budgetId: id, dimension, subject, period, unit, level, used, limit };
  return [{ kind: 'budget.warned', payload }];
}
