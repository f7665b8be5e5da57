import type { OrgDb } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { parseLogFilter } from '../../domain/audit/log-filter.ts';
import { AppError } from '../../domain/errors.ts';
import { requesterOf, type Actor } from '../../domain/events/actor.ts';
import type { SavedFilterView } from '../../domain/views/audit-views.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';

const mostSaved = 100;

/** The filters that people of the org keep under a name; all who may read the log share them. */
export async function listSavedFilters({ db, system, orgId }: ViewQuery): Promise<SavedFilterView[]> {
  const rows = await db.savedFilter.findMany({ where: { orgId }, orderBy: { name: 'asc' } });
  const nameOf = await namesOf(
    { system, db },
    rows.map(({ createdBy }) => createdBy),
  );
  return rows.map(({ id, name, filter, createdBy }) => ({ id, name, filter, by: nameOf(createdBy) }));
}

type Saving = { db: OrgDb; orgId: string; actor: Actor; now: Date };

/** Keeps a filter under a name, in place of what had that name. Throws AppError `invalid_input` for what is no filter. */
export async function saveFilter(
  { db, orgId, actor, now }: Saving,
  { name, filter }: { name: string; filter: string },
): Promise<{ id: string }> {
  parseLogFilter(filter);
  const createdBy = requesterOf(actor);
  if (createdBy === null) throw new AppError('forbidden', 'A filter is kept by a person or a service account.');
  if ((await db.savedFilter.count({ where: { orgId, NOT: { name } } })) >= mostSaved) {
    throw new AppError('conflict', `There are ${mostSaved} saved filters. Remove one first.`);
  }
  const fresh = { filter, createdBy, createdAt: now };
  return db.savedFilter.upsert({
    where: { orgId_name: { orgId, name } },
    create: { orgId, id: newId('savedFilter'), name, ...fresh },
    update: fresh,
    select: { id: true },
  });
}

/** Throws AppError `not_found`. */
export async function removeFilter(
  { db, orgId }: Saving,
  { savedFilterId: id }: { savedFilterId: string },
): Promise<void> {
  const { count } = await db.savedFilter.deleteMany({ where: { orgId, id } });
  if (count === 0) throw new AppError('not_found', 'There is no such saved filter.');
}
