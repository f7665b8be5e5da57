import type { OrgDb, SystemDb } from '../../db/connect.ts';
import { idsAround } from '../../db/log-query.ts';
import type { LogQuery } from '../../db/log-query.ts';
import { filterTime, parseLogFilter } from '../../domain/audit/log-filter.ts';
import type { LogFilter } from '../../domain/audit/log-filter.ts';
import { AppError } from '../../domain/errors.ts';

type Where = { db: OrgDb; system: SystemDb; orgId: string; now: Date };

/** What a filter asks for, with the names in it looked up. Throws AppError `invalid_input` for a name that nothing has. */
export async function resolveFilter(where: Where, text: string): Promise<LogQuery> {
  const filter = parseLogFilter(text);
  const { kind, log, text: words, after, before } = filter;
  for (const value of log) {
    if (value !== 'org' && value !== 'runs') throw unknown('log', value, 'It is org or runs.');
  }
  return {
    kinds: kind,
    logs: log.map((value) => (value === 'org' ? 'org' : 'run')),
    text: words,
    actors: (await Promise.all(filter.actor.map((value) => actorParts(where, value)))).flat(),
    about: await aboutOf(where, filter),
    after: latest(after, where.now),
    before: earliest(before, where.now),
    also: [],
  };
}

const times = (values: string[], now: Date) => values.map((value) => filterTime(value, now).getTime());
const latest = (values: string[], now: Date) =>
  values.length === 0 ? null : new Date(Math.max(...times(values, now)));
const earliest = (values: string[], now: Date) =>
  values.length === 0 ? null : new Date(Math.min(...times(values, now)));

const actorTypes: Record<string, string> = {
  people: 'user',
  keys: 'service-account',
  agents: 'agent-run',
  fleet: 'system',
};

/** What stands in the header of an event that it caused. */
async function actorParts({ db, system, orgId }: Where, value: string): Promise<string[]> {
  const type = Object.hasOwn(actorTypes, value) ? actorTypes[value] : undefined;
  if (type !== undefined) return [`"type":"${type}"`];
  if (/^[a-z]+_[\w-]+$/i.test(value)) {
    return ['userId', 'serviceAccountId', 'keyId', 'runId'].map((field) => `"${field}":"${value}"`);
  }
  const account = await db.serviceAccount.findFirst({ where: { orgId, name: value } });
  if (account !== null) return [`"serviceAccountId":"${account.id}"`];
  const user = await system.user.findUnique({ where: { email: value.toLowerCase() } });
  // A stranger and somebody whom no member knows look the same from here.
  if (user !== null && (await knownHere(db, orgId, user.id))) return [`"userId":"${user.id}"`];
  throw unknown('actor', value, 'Give an address of a member, a service account, people, agents, keys or fleet.');
}

async function knownHere(db: OrgDb, orgId: string, userId: string): Promise<boolean> {
  return (await db.member.count({ where: { orgId, userId } })) > 0;
}

async function aboutOf({ db, orgId }: Where, { run, task, repo }: LogFilter): Promise<string[][]> {
  const numbers = task.flatMap((value) => /^#?(\d{1,9})$/.exec(value)?.[1] ?? []).map(Number);
  const named = task.filter((value) => !/^#?\d{1,9}$/.test(value));
  const runs = await db.run.findMany({ where: { orgId, id: { in: run } } });
  const tasks = await db.task.findMany({ where: { orgId, OR: [{ number: { in: numbers } }, { id: { in: named } }] } });
  const repos = await db.repo.findMany({ where: { orgId, OR: [{ name: { in: repo } }, { id: { in: repo } }] } });
  if (runs.length < new Set(run).size) throw unknown('run', run.join(', '), 'Give its id.');
  if (tasks.length < new Set(task).size) throw unknown('task', task.join(', '), 'Give its number.');
  if (repos.length < new Set(repo).size) throw unknown('repo', repo.join(', '), 'Give its name.');
  const none = { runs: [], tasks: [], repos: [] };
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
  const asked = [
    { ...none, runs: ids(runs) },
    { ...none, tasks: ids(tasks) },
    { ...none, repos: ids(repos) },
  ].filter((one) => Object.values(one).some((list) => list.length > 0));
  return Promise.all(asked.map((one) => idsAround(db, one)));
}

function unknown(field: string, value: string, how: string): AppError {
  return new AppError('invalid_input', `There is no ${field} ${value} here. ${how}`);
}
