import type { SystemDb } from '../../db/connect.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { SampleRemote } from '../../domain/ports/sample-remote.ts';
import type { Workspaces } from '../../domain/ports/workspaces.ts';

type Clearing = {
  database: { system: Pick<SystemDb, 'deletedOrg'> };
  codeHost: Pick<CodeHost, 'mirrors' | 'dropMirror'>;
  workspaces: Pick<Workspaces, 'list' | 'remove' | 'forget'>;
  sampleRemote: Pick<SampleRemote, 'orgs' | 'remove'>;
};

/**
 * Removes from this host the mirrors, work trees and sample remotes of orgs that were deleted. Only what a deleted org is known to have had
 * goes: what no row tells of may be somebody's only copy, after a database was put back.
 */
export async function clearDeletedOrgs({ database, codeHost, workspaces, sampleRemote }: Clearing): Promise<number> {
  const [mirrors, trees, samples] = [await codeHost.mirrors(), await workspaces.list(), await sampleRemote.orgs()];
  const lies = [...mirrors, ...trees, ...samples];
  if (lies.length === 0) return 0;
  const orgs = await database.system.deletedOrg.findMany({
    where: { OR: [{ onDisk: { hasSome: lies } }, { orgId: { in: samples } }], purgedAt: { not: null } },
    select: { orgId: true, onDisk: true },
  });
  const gone = new Set(orgs.flatMap(({ orgId, onDisk }) => [orgId, ...onDisk]));
  const old = lies.filter((id) => gone.has(id));
  for (const id of trees.filter((tree) => gone.has(tree))) await workspaces.remove(id);
  // With the mirror go its trees that the row does not name: of runs that were long over while this host was away.
  for (const mirror of mirrors.filter((id) => gone.has(id))) {
    await workspaces.forget(mirror);
    await codeHost.dropMirror({ mirror });
  }
  for (const orgId of samples.filter((id) => gone.has(id))) await sampleRemote.remove(orgId);
  return old.length;
}
