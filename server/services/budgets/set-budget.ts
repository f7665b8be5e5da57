import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { checkAmounts, type Amounts } from '../../domain/budget/amounts.ts';
import { AppError } from '../../domain/errors.ts';
import type { ActorContext } from '../pipeline/work-context.ts';

/** Levels at which people are told, in per cent, unless they set others. */
const warnAt = [50, 80, 95];

/**
 * Of org, repo and agent the budget of each calendar month; `task` and `run` are rules for every task and run that begins
 * from now on, and their subject is the org.
 */
export type BudgetSetting = Amounts & { dimension: 'org' | 'repo' | 'agent' | 'task' | 'run'; subject: string };

/**
 * Sets a budget; null is no limit of its own. What the month has used already counts, so a lowered limit may stop runs
 * within a second. Throws `invalid_input` for amounts that are none, `not_found` for a subject that is none.
 */
export async function setBudget(
  { database, orgId, actor, now }: Omit<ActorContext, 'bus'>,
  setting: BudgetSetting,
): Promise<void> {
  const { dimension, subject, micros, tokens, seconds } = setting;
  checkAmounts({ micros, tokens, seconds });
  const period = dimension === 'task' || dimension === 'run' ? 'total' : 'month';
  const millis = seconds === null ? null : BigInt(seconds) * 1_000n;
  const limits = { micros: big(micros), tokens: big(tokens), millis };
  await database.transaction(orgId, async (tx) => {
    const fallback = await requireSubject(tx, orgId, setting);
    const key = { orgId, dimension, subject, period };
    await tx.budgetLimit.upsert({
      where: { orgId_dimension_subject_period: key },
      create: { ...key, id: newId('budgetLimit'), ...limits, warnAt, updatedAt: now },
      update: { ...limits, updatedAt: now },
    });
    await tx.budget.updateMany({
      where: { orgId, dimension, subject, period: now.toISOString().slice(0, 7) },
      data: {
        microsLimit: limits.micros,
        tokensLimit: limits.tokens,
        millisLimit: limits.millis ?? fallback,
        warned: 0,
      },
    });
    const payload = { dimension, subject, period, micros, tokens, seconds, warnAt };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'budget.set', payload }] });
  });
}

const big = (value: number | null) => (value === null ? null : BigInt(value));

/** The run-time in ms that the subject has without a limit of its own, null for none. */
async function requireSubject(tx: OrgTx, orgId: string, { dimension, subject }: BudgetSetting): Promise<bigint | null> {
  const where = { orgId_id: { orgId, id: subject } };
  if (dimension === 'repo' && (await tx.repo.findUnique({ where }))) return null;
  if (dimension === 'agent') {
    const agent = await tx.agent.findUnique({ where });
    if (agent) return BigInt(agent.secondsLimit) * 1_000n;
  }
  if (['org', 'task', 'run'].includes(dimension) && subject === orgId) return null;
  throw new AppError('not_found', `There is no such ${dimension} in this org.`);
}
