import { clearDeletedOrgs } from '../../server/services/sweep/clear-deleted-orgs.ts';
import { clearWorkTrees } from '../../server/services/sweep/clear-work-trees.ts';
import type { Worker } from './worker.ts';

type Clearing = Pick<Worker, 'workspaces' | 'codeHost' | 'sampleRemote' | 'database' | 'report'> & {
  sandboxes: Pick<Worker['sandboxes'], 'reap'>;
};

/** What was found and is gone. */
type Cleared = { sandboxes: number; processes: number; workTrees: number; ofDeletedOrgs: number };

/** Removes from this host what crashes left: of sandboxes, and work trees that nobody wants any more. Fails softly. */
export async function clearUp(clearing: Clearing): Promise<Cleared> {
  const { sandboxes, workspaces, database, report } = clearing;
  const cleared = { sandboxes: 0, processes: 0, workTrees: 0, ofDeletedOrgs: 0 };
  try {
    Object.assign(cleared, await sandboxes.reap());
  } catch (error) {
    report(error, 'clearing up after sandboxes');
  }
  try {
    cleared.workTrees = await clearWorkTrees({ database, workspaces, now: await database.time() });
  } catch (error) {
    report(error, 'clearing up work trees');
  }
  try {
    cleared.ofDeletedOrgs = await clearDeletedOrgs(clearing);
  } catch (error) {
    report(error, 'clearing up after deleted orgs');
  }
  return cleared;
}
