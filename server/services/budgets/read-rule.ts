import type { OrgTx } from '../../db/connect.ts';

/** Null is no limit of its own. */
type Rule = { micros: number | null; seconds: number | null };

/** What people have set for every new task, or every new run, of the org. */
export async function readRule(
  db: Pick<OrgTx, 'budgetLimit'>,
  { orgId, dimension }: { orgId: string; dimension: 'task' | 'run' },
): Promise<Rule> {
  const key = { orgId, dimension, subject: orgId, period: 'total' };
  const rule = await db.budgetLimit.findUnique({ where: { orgId_dimension_subject_period: key } });
  const number = (value: bigint | null | undefined) => (value == null ? null : Number(value));
  const millis = number(rule?.millis);
  return { micros: number(rule?.micros), seconds: millis === null ? null : Math.floor(millis / 1_000) };
}
