import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { Placing } from '../../domain/ports/placing.ts';
import { whyNoKernel } from '../engines/kernel.ts';
import { whyNoNewWork } from '../../domain/orgs/org-deletion.ts';
import { findDeletion } from '../orgs/org-deletion.ts';
import { getStarters } from '../orgs/get-starters.ts';
import type { ModelOffer } from '../pipeline/work-context.ts';
import { whyNoModel } from '../settings/why-no-model.ts';
import type { ViewQuery } from './view-query.ts';

type Question = ViewQuery & { offer: ModelOffer; database: Database; placing: Placing };

/** Whether a task with this title could start now, and if not, what is missing. Promises nothing: createTask asks again. */
export async function preflightTask(
  { db, orgId, now, offer, database, placing }: Question,
  { repoId, title }: { repoId: string; title: string },
): Promise<{ canStart: boolean; why: string | null }> {
  const repo = await db.repo.findUnique({
    where: { orgId_id: { orgId, id: repoId } },
    select: { id: true, source: true },
  });
  if (repo === null) throw new AppError('not_found', 'There is no such repo in this org.');
  const going = await findDeletion(db, orgId);
  if (going !== null) return { canStart: false, why: whyNoNewWork(going.dueAt) };
  const { hired } = await getStarters({ db, orgId });
  if (!hired) return { canStart: false, why: 'Nobody works here yet: take the starter agents first.' };
  const pipeline = await db.pipelineVersion.findFirst({
    where: { orgId, name: 'change' },
    orderBy: { version: 'desc' },
  });
  const asked = { repo, title, definition: pipeline?.body };
  const noModel = await whyNoModel(db, { orgId, now, offer }, asked);
  const why = noModel ?? (await whyNoKernel({ database, orgId, placing }));
  return { canStart: why === null, why };
}
