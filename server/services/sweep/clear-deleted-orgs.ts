import type { SystemDb } from '../../db/connect.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { Workspaces } from '../../domain/ports/workspaces.ts';

type Clearing = {
  database: { system: Pick<SystemDb, 'deletedOrg'> };
  codeHost: Pick<CodeHost, 'mirrors' | 'dropMirror'>;
  workspaces: Pick<Workspaces, 'list' | 'remove' | 'forget'>;
};

/**
 * Removes from this host the mirrors and work trees of orgs that were deleted. Only what a deleted org is known to have had
 * goes: what no row tells of may be somebody's only copy, after a database was put back.
 */
export async function clearDeletedOrgs({ database, codeHost, workspaces }: Clearing): Promise<number> {
  const [mirrors, trees] = [await codeHost.mirrors(), await workspaces.list()];
  const lies = [...mirrors, ...trees];
  if (lies.length === 0) return 0;
  const orgs = await database.system.deletedOrg.findMany({
    where: { onDisk: { hasSome: lies }, purgedAt: { not: null } },
    select: { onDisk: true },
  });
  const gone = new Set(orgs.flatMap(({ onDisk }) => onDisk));
  const [oldMirrors, oldTrees] = [mirrors.filter((id) => gone.has(id)), trees.filter((id) => gone.has(id))];
  for (const id of oldTrees) await workspaces.remove(id);
  for (const mirror of oldMirrors) {
    await workspaces.forget(mirror);
    await codeHost.dropMirror({ mirror });
  }
  return oldMirrors.length + oldTrees.length;
}
