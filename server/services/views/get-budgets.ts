import { forecastMicros } from '../../domain/budget/forecast.ts';
import type { BudgetRowView, BudgetsView } from '../../domain/views/views.ts';
import type { ViewQuery } from './view-query.ts';

type Subject = { dimension: BudgetRowView['dimension']; subject: string; name: string; defaultSeconds: number | null };

/** What the org may use this month (UTC) and has used, by org, repo and agent, and day by day. */
export async function getBudgets({ db, orgId, now }: ViewQuery): Promise<BudgetsView> {
  const month = now.toISOString().slice(0, 7);
  const limits = await db.budgetLimit.findMany({ where: { orgId } });
  const accounts = await db.budget.findMany({ where: { orgId, period: month } });
  const rows = (await subjectsOf({ db, orgId })).map((subject) =>
    rowOf(subject, limits.find(isOf(subject)), accounts.find(isOf(subject))),
  );
  const days = await daysOf({ db, orgId }, now);
  const spent = days.reduce((sum, { micros }) => sum + micros, 0);
  return { month, rows, days, forecastMicros: forecastMicros({ spent, now }) };
}

const isOf =
  ({ dimension, subject }: Subject) =>
  (each: { dimension: string; subject: string }) =>
    each.dimension === dimension && each.subject === subject;

type Limit = { micros: bigint | null; tokens: bigint | null; millis: bigint | null };
type Account = { microsUsed: bigint; microsReserved: bigint; tokensUsed: bigint; millisUsed: bigint };

const unset: Limit = { micros: null, tokens: null, millis: null };
const unused: Account = { microsUsed: 0n, microsReserved: 0n, tokensUsed: 0n, millisUsed: 0n };
const number = (value: bigint | null) => (value === null ? null : Number(value));

function rowOf(subject: Subject, limit: Limit = unset, account: Account = unused): BudgetRowView {
  const { defaultSeconds, ...named } = subject;
  return {
    ...named,
    micros: number(limit.micros),
    tokens: number(limit.tokens),
    seconds: limit.millis === null ? defaultSeconds : Number(limit.millis / 1_000n),
    usedMicros: Number(account.microsUsed),
    reservedMicros: Number(account.microsReserved),
    usedTokens: Number(account.tokensUsed),
    usedSeconds: Number(account.millisUsed / 1_000n),
    rule: subject.dimension === 'task' || subject.dimension === 'run',
  };
}

async function subjectsOf({ db, orgId }: Pick<ViewQuery, 'db' | 'orgId'>): Promise<Subject[]> {
  const order = { orderBy: { name: 'asc' as const } };
  const repos = await db.repo.findMany({ where: { orgId }, ...order });
  const agents = await db.agent.findMany({ where: { orgId }, ...order });
  const one = (dimension: 'org' | 'task' | 'run', name: string) => ({
    ...{ dimension, subject: orgId, name, defaultSeconds: null },
  });
  return [
    one('org', 'The org'),
    ...repos.map(({ id, name }) => ({ dimension: 'repo' as const, subject: id, name, defaultSeconds: null })),
    ...agents.map(({ id, name, secondsLimit }) => ({
      ...{ dimension: 'agent' as const, subject: id, name, defaultSeconds: secondsLimit },
    })),
    one('task', 'Every new task'),
    one('run', 'Every new run'),
  ];
}

/** Money settled on each day of the month up to today. */
async function daysOf({ db, orgId }: Pick<ViewQuery, 'db' | 'orgId'>, now: Date): Promise<BudgetsView['days']> {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const entries = await db.budgetEntry.findMany({
    where: { orgId, kind: 'settle', at: { gte: from } },
    select: { at: true, micros: true },
  });
  const days = Array.from({ length: now.getUTCDate() }, (_, day) => ({ day: day + 1, micros: 0 }));
  for (const { at, micros } of entries) {
    const day = days[at.getUTCDate() - 1];
    if (day) day.micros += Number(micros);
  }
  return days;
}
