import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { parseLogFilter } from '../../domain/audit/log-filter.ts';
import { AppError } from '../../domain/errors.ts';
import { requesterOf, type Actor } from '../../domain/events/actor.ts';
import type { SavedFilterView } from '../../domain/views/audit-views.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
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

type Saving = { database: Database; orgId: string; actor: Actor; now: Date };

/** Keeps a filter under a name, in place of what had that name. Throws AppError `invalid_input` for what is no filter. */
export async function saveFilter(
  { database, orgId, actor, now }: Saving,
  { name, filter }: { name: string; filter: string },
): Promise<{ id: string }> {
  parseLogFilter(filter);
  const createdBy = requesterOf(actor);
  if (createdBy === null) throw new AppError('forbidden', 'A filter is kept by a person or a service account.');
  return database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    if ((await tx.savedFilter.count({ where: { orgId, NOT: { name } } })) >= mostSaved) {
      throw new AppError('conflict', `There are ${mostSaved} saved filters. Remove one first.`);
    }
    const fresh = { filter, createdBy, createdAt: now };
    const { id } = await tx.savedFilter.upsert({
      where: { orgId_name: { orgId, name } },
      create: { orgId, id: newId('savedFilter'), name, ...fresh },
      update: fresh,
      select: { id: true },
    });
    const payload = { savedFilterId: id, name, filter };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'filter.saved', payload }] });
    return { id };
  });
}

/** Throws AppError `not_found`. */
export async function removeFilter(
  { database, orgId, actor, now }: Saving,
  { savedFilterId: id }: { savedFilterId: string },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const row = await tx.savedFilter.findUnique({ where: { orgId_id: { orgId, id } } });
    const { count } = await tx.savedFilter.deleteMany({ where: { orgId, id } });
    if (row === null || count === 0) throw new AppError('not_found', 'There is no such saved filter.');
    const payload = { savedFilterId: id, name: row.name };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'filter.removed', payload }] });
  });
}
