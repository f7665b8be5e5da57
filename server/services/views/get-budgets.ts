import { burnByDay } from '../../db/burn.ts';
import { defaultBudgets } from '../../domain/budget/defaults.ts';
import { forecastMicros } from '../../domain/budget/forecast.ts';
import type { BudgetRowView, BudgetsView } from '../../domain/views/budget-views.ts';
import type { ViewQuery } from './view-query.ts';

type Subject = Pick<BudgetRowView, 'dimension' | 'subject' | 'name' | 'teamId' | 'maxRuns'> & {
  defaults: { micros: number | null; seconds: number | null };
};

/** What the org may use this month (UTC) and has used, by org, team, repo and agent, each of them day by day. */
export async function getBudgets({ db, orgId, now }: ViewQuery): Promise<BudgetsView> {
  const month = now.toISOString().slice(0, 7);
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const limits = await db.budgetLimit.findMany({ where: { orgId } });
  const accounts = await db.budget.findMany({ where: { orgId, period: month } });
  const burnt = await burnByDay(db, { orgId, from });
  const { warnAt } = await db.org.findUniqueOrThrow({ where: { id: orgId }, select: { warnAt: true } });
  const teams = await db.team.findMany({ where: { orgId }, orderBy: { name: 'asc' } });
  const rows = (await subjectsOf({ db, orgId }, teams)).map((subject) => {
    const account = accounts.find(isOf(subject));
    const own = burnt.filter(({ budgetId }) => budgetId === account?.id);
    return rowOf(subject, { limit: limits.find(isOf(subject)), account, burn: burnOf(own, now) });
  });
  return { month, rows, warnAt, teams: teams.map(({ id, name }) => ({ id, name })) };
}

const isOf =
  ({ dimension, subject }: Subject) =>
  (each: { dimension: string; subject: string }) =>
    each.dimension === dimension && each.subject === subject;

type Limit = { micros: bigint | null; tokens: bigint | null; millis: bigint | null };
type Account = { microsUsed: bigint; microsReserved: bigint; tokensUsed: bigint; millisUsed: bigint };
type Of = {
  limit: Limit | undefined;
  account: Account | undefined;
  burn: Pick<BudgetRowView, 'days' | 'forecastMicros'>;
};

const unused: Account = { microsUsed: 0n, microsReserved: 0n, tokensUsed: 0n, millisUsed: 0n };
const number = (value: bigint | null | undefined) => (value == null ? null : Number(value));

function rowOf(subject: Subject, { limit, account = unused, burn }: Of): BudgetRowView {
  const { defaults, ...named } = subject;
  const rule = subject.dimension === 'task' || subject.dimension === 'run';
  const millis = number(limit?.millis);
  return {
    ...named,
    micros: limit && !rule ? number(limit.micros) : (number(limit?.micros) ?? defaults.micros),
    tokens: number(limit?.tokens),
    seconds: millis === null ? defaults.seconds : Math.floor(millis / 1_000),
    usedMicros: Number(account.microsUsed),
    reservedMicros: Number(account.microsReserved),
    usedTokens: Number(account.tokensUsed),
    usedSeconds: Number(account.millisUsed / 1_000n),
    rule,
    byDefault: limit === undefined && defaults.micros !== null,
    ...burn,
  };
}

type Named = { id: string; name: string };

async function subjectsOf({ db, orgId }: Pick<ViewQuery, 'db' | 'orgId'>, teams: Named[]): Promise<Subject[]> {
  const order = { orderBy: { name: 'asc' as const } };
  const repos = await db.repo.findMany({ where: { orgId }, ...order });
  const agents = await db.agent.findMany({ where: { orgId }, ...order });
  const { maxRuns } = await db.org.findUniqueOrThrow({ where: { id: orgId }, select: { maxRuns: true } });
  const { monthMicros } = defaultBudgets;
  const of = (dimension: Subject['dimension'], { id, name }: Named, more: Partial<Subject> = {}): Subject => ({
    ...{ dimension, subject: id, name, teamId: null, maxRuns: null, defaults: { micros: null, seconds: null } },
    ...more,
  });
  const monthly = (micros: number | null, seconds: number | null = null) => ({ defaults: { micros, seconds } });
  return [
    of('org', { id: orgId, name: 'The org' }, { maxRuns, ...monthly(monthMicros.org) }),
    ...teams.map((team) => of('team', team)),
    ...repos.map((repo) => of('repo', repo, { teamId: repo.teamId, ...monthly(monthMicros.repo) })),
    ...agents.map((agent) =>
      of('agent', agent, { teamId: agent.teamId, maxRuns: agent.maxRuns, ...monthly(null, agent.secondsLimit) }),
    ),
    of('task', { id: orgId, name: 'Every new task' }),
    of('run', { id: orgId, name: 'Every new run' }),
  ];
}

/** Money settled on each day of the month up to today, and what the month comes to when it goes on like that. */
function burnOf(burnt: { day: number; micros: number }[], now: Date): Of['burn'] {
  const days = Array.from({ length: now.getUTCDate() }, (_, index) => ({
    day: index + 1,
    micros: burnt.find(({ day }) => day === index + 1)?.micros ?? 0,
  }));
  const spent = days.reduce((sum, { micros }) => sum + micros, 0);
  return { days, forecastMicros: forecastMicros({ spent, now }) };
}
