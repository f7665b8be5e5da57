import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { emptyReport } from '../../domain/setup/environment.ts';
import { readSetup } from '../../domain/setup/repo-setup.ts';
import { settingsDigest } from '../../domain/setup/setup-key.ts';
import { refuseWhileGoing } from '../orgs/org-deletion.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';

/** Asks for a repo's environment to be checked now; one that is waiting or under way answers for the same. */
export async function requestEnvironment(
  { database, orgId, now, bus }: Omit<ActorContext, 'actor'>,
  { repoId }: { repoId: string },
): Promise<{ environmentCheckId: string }> {
  const environmentCheckId = await database.transaction(orgId, async (tx) => {
    const repo = await tx.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
    if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
    await refuseWhileGoing(tx, orgId);
    const settings = settingsDigest({ testCommand: repo.testCommand, setup: readSetup(repo.setup) });
    const open = await tx.environmentCheck.findFirst({
      where: { orgId, repoId, settings, status: { in: ['queued', 'running'] } },
      orderBy: { id: 'desc' },
    });
    if (open) return open.id;
    const id = newId('environmentCheck');
    const row = { orgId, id, repoId, settings, status: 'queued' as const, report: emptyReport, createdAt: now };
    await tx.environmentCheck.create({ data: row });
    return id;
  });
  await sendAfterCommit(bus, [{ name: 'environment/check-requested', data: { orgId, environmentCheckId } }]);
  return { environmentCheckId };
}
