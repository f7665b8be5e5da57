import type { HostContext } from '../pipeline/work-context.ts';
import { remoteOf } from '../repos/remote-of.ts';
import type { CheckFile } from './read-check-file.ts';

/** Refreshes the mirror and, as long as nothing was handed off, moves the change's base to where the remote stands now. */
export async function syncBase(
  { database, orgId, codeHost, clock }: HostContext,
  { change, repo }: CheckFile,
): Promise<string> {
  const { defaultBranch } = repo;
  const base = await codeHost.sync({ mirror: repo.id, ...remoteOf(repo), defaultBranch });
  await database.org(orgId).change.updateMany({
    where: { orgId, id: change.id, head: null, status: 'open' },
    data: { base, updatedAt: clock.now() },
  });
  return base;
}
