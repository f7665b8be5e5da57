import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { checkAmounts, checkMaxRuns, type Amounts } from '../../domain/budget/amounts.ts';
import type { BudgetDimension } from '../../domain/budget/ledger.ts';
import { AppError } from '../../domain/errors.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { lockAgent } from '../agents/put-agent.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { settingsOfBudget } from './settings-of-budget.ts';
import { warnIn } from './warn-budgets.ts';

/**
 * Of org, team, repo and agent the budget of each calendar month; `task` and `run` are rules for every task and run that begins
 * from now on, and their subject is the org.
 */
export type BudgetSetting = Amounts & {
  dimension: BudgetDimension;
  subject: string;
  /** How many runs of the org or the agent may be worked on at once; left out, it stays as it is. */
  maxRuns?: number | undefined;
};

/**
 * Sets a budget; null is no limit of its own. What the month has used already counts, so a lowered limit may stop runs
 * within a second. Throws `invalid_input` for amounts that are none, `not_found` for a subject that is none, and `forbidden` for
 * what would let an agent do more where somebody else approves that.
 */
export async function setBudget(
  { database, orgId, actor, now }: Omit<ActorContext, 'bus'>,
  setting: BudgetSetting,
): Promise<void> {
  const { dimension, subject, micros, tokens, seconds } = setting;
  checkAmounts({ micros, tokens, seconds });
  if (setting.maxRuns !== undefined) checkMaxRuns(setting.maxRuns);
  const period = dimension === 'task' || dimension === 'run' ? 'total' : 'month';
  const millis = seconds === null ? null : BigInt(seconds) * 1_000n;
  const limits = { micros: big(micros), tokens: big(tokens), millis };
  await database.transaction(orgId, async (tx) => {
    // The row of org or agent before any account, as a claim takes them, and both before the org's stream.
    if (dimension === 'agent') await lockAgent(tx, { orgId, agentId: subject, now });
    const fallback = await requireSubject(tx, orgId, setting);
    const places =
      dimension === 'agent'
        ? await setOfAgent(tx, { orgId, actor, now }, { ...setting, millis, fallback })
        : await setMaxRuns(tx, orgId, setting);
    const key = { orgId, dimension, subject, period };
    const { warnAt } = await tx.org.findUniqueOrThrow({ where: { id: orgId }, select: { warnAt: true } });
    await tx.budgetLimit.upsert({
      where: { orgId_dimension_subject_period: key },
      create: { ...key, id: newId('budgetLimit'), ...limits, warnAt: [], updatedAt: now },
      update: { ...limits, updatedAt: now },
    });
    const account = { orgId, dimension, subject, period: now.toISOString().slice(0, 7) };
    await tx.budget.updateMany({
      where: account,
      data: {
        microsLimit: limits.micros,
        tokensLimit: limits.tokens,
        millisLimit: limits.millis ?? fallback,
        warned: 0,
      },
    });
    const payload = { dimension, subject, period, micros, tokens, seconds, warnAt };
    const events: OrgEvent[] = [{ kind: 'budget.set', payload }, ...places];
    await appendOrgEvents(tx, { orgId, actor, at: now, events });
    const open = await tx.budget.findMany({ where: account, select: { id: true } });
    await warnIn(tx, { orgId, now, budgetIds: open.map(({ id }) => id) });
  });
}

type By = Pick<ActorContext, 'orgId' | 'actor' | 'now'>;

/** How many runs of the org at once, where that changes. */
async function setMaxRuns(tx: OrgTx, orgId: string, setting: BudgetSetting): Promise<OrgEvent[]> {
  const { dimension, subject, maxRuns } = setting;
  if (maxRuns === undefined || dimension !== 'org') return [];
  const { count } = await tx.org.updateMany({ where: { id: orgId, maxRuns: { not: maxRuns } }, data: { maxRuns } });
  return count === 0 ? [] : [{ kind: 'max-runs.set', payload: { dimension, subject, maxRuns } }];
}

type OfAgent = BudgetSetting & { millis: bigint | null; fallback: bigint | null };

async function setOfAgent(tx: OrgTx, by: By, { subject, maxRuns, millis, fallback }: OfAgent): Promise<OrgEvent[]> {
  const { orgId } = by;
  await lockOrgStream(tx, orgId);
  const key = { orgId, dimension: 'agent' as const, subject, period: 'month' };
  const own = await tx.budgetLimit.findUnique({ where: { orgId_dimension_subject_period: key } });
  const held = { before: own?.millis ?? fallback ?? 0n, after: millis ?? fallback ?? 0n };
  return settingsOfBudget(tx, by, { agentId: subject, millis: held, maxRuns });
}

const big = (value: number | null) => (value === null ? null : BigInt(value));

/** The run-time in ms that the subject has without a limit of its own, null for none. */
async function requireSubject(tx: OrgTx, orgId: string, { dimension, subject }: BudgetSetting): Promise<bigint | null> {
  const where = { orgId_id: { orgId, id: subject } };
  if (dimension === 'repo' && (await tx.repo.findUnique({ where }))) return null;
  if (dimension === 'team' && (await tx.team.findUnique({ where }))) return null;
  if (dimension === 'agent') {
    const agent = await tx.agent.findUnique({ where });
    if (agent) return BigInt(agent.secondsLimit) * 1_000n;
  }
  if (['org', 'task', 'run'].includes(dimension) && subject === orgId) return null;
  throw new AppError('not_found', `There is no such ${dimension} in this org.`);
}
