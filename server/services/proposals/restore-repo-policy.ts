import { AppError } from '../../domain/errors.ts';
import { policyDocument } from '../../domain/policy/document.ts';
import type { Saved } from '../definitions/saved.ts';
import { orgPolicy } from '../policy/org-policy.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { keepRepoPolicy } from './keep-repo-policy.ts';
import type { ProposalDeps } from './take-proposal.ts';

/** `basedOn`: the number of the version in force that the person saw. */
type Restoring = { repoId: string; version: number; basedOn: number };

/**
 * Takes an earlier version of a repo's rules up again as its next, under the same conditions as any other. What the repo's
 * file says is then proposed again. Throws `not_found`, and `conflict` where another version is in force than was seen.
 */
export async function restoreRepoPolicy(
  { database, ...by }: ProposalDeps,
  { repoId, version, basedOn }: Restoring,
): Promise<Saved> {
  const { orgId } = by;
  return database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const of = { orgId, layer: 'repo', target: repoId };
    const repo = await tx.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
    const newest = await tx.policyVersion.findFirst({ where: of, orderBy: { version: 'desc' } });
    const wanted = await tx.policyVersion.findFirst({ where: { ...of, version } });
    if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
    if (!newest || !wanted) throw new AppError('not_found', `The rules of this repo have no version ${version}.`);
    if (newest.version !== basedOn) {
      throw new AppError(
        'conflict',
        `Version ${newest.version} is in force by now. Look at it, then go back if you still want to.`,
      );
    }
    return keepRepoPolicy(tx, by, {
      repo,
      org: await orgPolicy(tx, orgId),
      before: policyDocument.parse(newest.body),
      basedOn,
      body: policyDocument.parse(wanted.body),
      note: `Back to version ${version}`,
      restored: version,
    });
  });
}
