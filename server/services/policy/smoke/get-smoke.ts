import { AppError } from '../../../domain/errors.ts';
import { isHeld, smokeResult } from '../../../domain/policy/smoke/smoke-test.ts';
import type { SmokeView } from '../../../domain/views/smoke-view.ts';
import type { ViewQuery } from '../../views/view-query.ts';

/** What came of a smoke test; `result` is null while a worker is at it. Throws `not_found`. */
export async function getSmoke(
  { db, orgId }: Pick<ViewQuery, 'db' | 'orgId'>,
  { smokeId }: { smokeId: string },
): Promise<SmokeView> {
  const row = await db.smokeTest.findUnique({
    where: { orgId_id: { orgId, id: smokeId } },
    include: { repo: { select: { name: true } }, agent: { select: { name: true } } },
  });
  if (!row) throw new AppError('not_found', 'There is no such smoke test in this org.');
  const shown = { id: row.id, repo: row.repo.name, agent: row.agent.name, askedAt: row.askedAt.toISOString() };
  if (row.result === null) return { ...shown, result: null };
  const result = smokeResult.parse(row.result);
  if ('problem' in result) return { ...shown, result };
  return { ...shown, result: { ...result, tries: result.tries.map((each) => ({ ...each, held: isHeld(each) })) } };
}
