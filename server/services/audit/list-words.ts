import { orgEvents } from '../../domain/events/org-events.ts';
import { runEvents } from '../../domain/events/run-events.ts';
import type { LogWordsView } from '../../domain/views/audit-views.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';

/** What a filter over this org's log can name. */
export async function listWords({ db, system, orgId }: ViewQuery): Promise<LogWordsView> {
  const [members, accounts, repos, tasks] = await Promise.all([
    db.member.findMany({ where: { orgId }, select: { userId: true }, take: 500 }),
    db.serviceAccount.findMany({ where: { orgId }, select: { name: true }, orderBy: { name: 'asc' } }),
    db.repo.findMany({ where: { orgId }, select: { name: true }, orderBy: { name: 'asc' } }),
    db.task.findMany({
      where: { orgId },
      select: { number: true, title: true },
      orderBy: { number: 'desc' },
      take: 50,
    }),
  ]);
  const ids = members.map(({ userId }) => userId);
  const nameOf = await namesOf({ system, db }, ids);
  return {
    kinds: [...new Set([...Object.keys(orgEvents), ...Object.keys(runEvents)])].sort(),
    actors: ['people', 'agents', 'keys', 'fleet', ...ids.map(nameOf).sort(), ...accounts.map(({ name }) => name)],
    repos: repos.map(({ name }) => name),
    tasks,
  };
}
