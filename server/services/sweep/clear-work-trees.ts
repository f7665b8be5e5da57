import type { Database } from '../../db/connect.ts';
import { isId } from '../../domain/ids.ts';
import type { Workspaces } from '../../domain/ports/workspaces.ts';

type Clearing = { database: Database; workspaces: Workspaces; now: Date };

/** A slice of a run that was just ended may still be on its way out of the tree. */
const graceMs = 60_000;

/**
 * Removes kept work trees whose pipeline run is over, however it came to be, and what dead processes left of others. One
 * whose run no row tells of stays: it may be somebody's only copy, after a database was put back.
 */
export async function clearWorkTrees({ database, workspaces, now }: Clearing): Promise<number> {
  const kept = (await workspaces.list()).filter((id) => isId('run', id));
  const over = kept.length > 0 ? await database.endedRuns(kept, new Date(now.getTime() - graceMs)) : [];
  for (const id of over) await workspaces.remove(id);
  await workspaces.collect();
  return over.length;
}
