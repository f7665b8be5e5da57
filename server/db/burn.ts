import type { OrgDb } from './connect.ts';
import { rawOf } from './raw.ts';

type Burn = { budgetId: string; day: number; micros: number };

/** Money settled in each account on each day (UTC) of the month that begins at `from`. */
export async function burnByDay(db: OrgDb, { orgId, from }: { orgId: string; from: Date }): Promise<Burn[]> {
  return rawOf(db).query<Burn>({
    name: 'burn_by_day',
    text: `select b.id as "budgetId", extract(day from e.at at time zone 'UTC')::int as day, sum(e.micros)::float8 as micros
      from budget_entry e, unnest(e.budgets) b(id)
      where e.org_id = $1 and e.kind = 'settle' and e.at >= $2 and e.at < $2::timestamptz + interval '1 month'
      group by 1, 2`,
    values: [orgId, from],
  });
}

/** The ids of the accounts that a run's use counts in, in a month such as `2026-11`. */
export async function budgetsOfRun(
  db: OrgDb,
  { orgId, runId, month }: { orgId: string; runId: string; month: string },
): Promise<string[]> {
  const rows = await rawOf(db).query<{ id: string }>({
    name: 'budgets_of_run',
    text: 'select id from budgets_of_run($1, $2, $3)',
    values: [orgId, runId, month],
  });
  return rows.map(({ id }) => id);
}
