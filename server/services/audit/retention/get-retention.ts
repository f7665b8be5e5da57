import { countDue } from '../../../db/retention.ts';
import { goesBefore, retentionKindNames } from '../../../domain/audit/retention.ts';
import type { RetentionView } from '../../../domain/views/audit-views.ts';
import { namesOf } from '../../views/people.ts';
import type { ViewQuery } from '../../views/view-query.ts';

/** How long what is kept, how much of it goes with the next sweep, and what is held. */
export async function getRetention(query: ViewQuery, { floor }: { floor: number }): Promise<RetentionView> {
  const { db, system, orgId, now } = query;
  const rules = new Map((await db.retentionRule.findMany({ where: { orgId } })).map(({ kind, days }) => [kind, days]));
  const holds = await db.legalHold.findMany({ where: { orgId }, orderBy: { placedAt: 'asc' } });
  const nameOf = await namesOf(
    { system, db },
    holds.map(({ placedBy }) => placedBy),
  );
  const kinds = [];
  for (const kind of retentionKindNames) {
    const days = rules.get(kind) ?? null;
    const before = days === null ? null : goesBefore(kind, { days, floor, now });
    const due = before === null ? 0 : await countDue(db, { kind, before });
    kinds.push({ kind, days, before: before && before.toISOString(), due });
  }
  return {
    floor,
    kinds,
    holds: holds.map(({ id, runId, reason, placedBy, placedAt }) => {
      return { id, runId, reason, by: nameOf(placedBy), at: placedAt.toISOString() };
    }),
  };
}
