import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { remoteOf } from '../repos/remote-of.ts';
import { noticeFleetFiles } from './notice-fleet-files.ts';

type Deps = { database: Database; orgId: string; now: Date; codeHost: CodeHost };

/** Looks at a repo's default branch as it stands on the remote now. Throws `not_found` and the AppErrors of CodeHost. */
export async function lookForProposals(deps: Deps, { repoId }: { repoId: string }): Promise<{ commit: string }> {
  const { database, orgId, codeHost } = deps;
  const repo = await database.org(orgId).repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
  if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
  const commit = await codeHost.sync({ mirror: repo.id, ...remoteOf(repo), defaultBranch: repo.defaultBranch });
  await noticeFleetFiles(deps, { repoId, commit });
  return { commit };
}
