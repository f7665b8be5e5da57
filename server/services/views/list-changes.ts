import type { ChangeListItemView } from '../../domain/views/views.ts';
import { changeInclude, changeListItem } from './change-row.ts';
import type { ViewQuery } from './view-query.ts';

const shown = 200;

/** The latest changes, newest first. */
export async function listChanges({ db, orgId }: ViewQuery): Promise<ChangeListItemView[]> {
  const rows = await db.change.findMany({
    where: { orgId },
    include: changeInclude,
    orderBy: { number: 'desc' },
    take: shown,
  });
  return rows.map(changeListItem);
}
