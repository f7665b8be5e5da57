import { AppError } from '../../domain/errors.ts';
import { stageInput } from '../../domain/pipeline/stage-input.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { handoffRecord } from '../../domain/runs/handoff-record.ts';
import { cutDiff } from './cut-diff.ts';
import type { ViewQuery } from './view-query.ts';

/**
 * What a run is about: the commit it handed off, against where it started; for a reviewer the commit it looks at,
 * against the base. Empty while nothing was handed off. Throws `not_found`.
 */
export async function getRunDiff(
  { db, orgId, codeHost }: ViewQuery & { codeHost: CodeHost },
  { runId }: { runId: string },
): Promise<{ diff: string; cut: boolean }> {
  const run = await db.run.findUnique({
    where: { orgId_id: { orgId, id: runId } },
    include: {
      handoffs: { orderBy: { id: 'desc' }, take: 1 },
      stageAttempt: { include: { pipelineRun: { include: { task: { select: { repoId: true } } } } } },
    },
  });
  if (run === null) throw new AppError('not_found', 'There is no such run in this org.');
  const { base, head } = stageInput.parse(run.stageAttempt.input);
  const handoff = run.handoffs[0];
  const commit = handoff === undefined ? null : handoffRecord.parse(handoff.body).commit;
  const span = commit === null ? { base, head } : { base: head ?? base, head: commit };
  if (span.head === null) return { diff: '', cut: false };
  const mirror = run.stageAttempt.pipelineRun.task.repoId;
  return cutDiff(await codeHost.diff({ mirror, base: span.base, head: span.head }));
}
