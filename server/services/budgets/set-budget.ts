import { authorOf } from '../../domain/events/actor.ts';
import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { checkAmounts, checkMaxRuns, type Amounts } from '../../domain/budget/amounts.ts';
import type { BudgetDimension } from '../../domain/budget/ledger.ts';
import { AppError } from '../../domain/errors.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { currentSettings, reviseAgent } from '../agents/revise-agent.ts';
import { readWaitsFor } from '../policy/approval-rule.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
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
 * within a second. Throws `invalid_input` for amounts that are none, `not_found` for a subject that is none.
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
    const fallback = await requireSubject(tx, orgId, setting);
    // The row of org or agent before any account, as a claim takes them.
    const places = await setMaxRuns(tx, { orgId, actor, now }, setting);
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

/** How many runs at once, where that changes; of an agent it is one of its settings, and so a revision. */
async function setMaxRuns(tx: OrgTx, by: By, setting: BudgetSetting): Promise<OrgEvent[]> {
  const { dimension, subject, maxRuns } = setting;
  if (maxRuns === undefined || (dimension !== 'org' && dimension !== 'agent')) return [];
  const said: OrgEvent = { kind: 'max-runs.set', payload: { dimension, subject, maxRuns } };
  if (dimension === 'org') {
    const { count } = await tx.org.updateMany({
      where: { id: by.orgId, maxRuns: { not: maxRuns } },
      data: { maxRuns },
    });
    return count === 0 ? [] : [said];
  }
  const { agent, settings } = await currentSettings(tx, { orgId: by.orgId, agentId: subject });
  if (settings.maxRuns === maxRuns) return [];
  if (maxRuns > settings.maxRuns && (await readWaitsFor(tx, by.orgId, 'agents')) !== null) {
    throw new AppError(
      'forbidden',
      'The policy wants somebody else to approve more runs at once. Change them on the page of the agents, where that waits for approval.',
    );
  }
  const revised = { agentId: subject, from: agent.revision, note: 'Set with its budget' };
  await reviseAgent(
    tx,
    { orgId: by.orgId, authorId: authorOf(by.actor), now: by.now },
    { ...revised, settings: { ...settings, maxRuns } },
  );
  return [said];
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
