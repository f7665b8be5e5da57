import type { ReviewMaterial } from '../../server/agent/prompts/brief.ts';
import { checkEvidence } from '../../server/domain/checks/evidence.ts';
import { AppError } from '../../server/domain/errors.ts';
import { handoffRecord } from '../../server/domain/runs/handoff-record.ts';
import { reviewRecord } from '../../server/domain/runs/review-record.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import type { Worker } from './worker.ts';

/** What a reviewer judges: the commit its attempt names, and what the platform measured on just that commit. */
export async function reviewMaterialOf(
  { database, codeHost }: Worker,
  { orgId, file }: { orgId: string; file: RunFile },
): Promise<ReviewMaterial> {
  const { input, change, repo, stageAttempt } = file;
  const { base, head: commit } = input;
  const db = database.org(orgId);
  const check = commit
    ? await db.checkResult.findFirst({ where: { orgId, changeId: change.id, commit }, orderBy: { id: 'desc' } })
    : null;
  if (!commit || !check) throw new AppError('conflict', 'There is no checked commit to review.');
  const span = { mirror: repo.id, base, head: commit };
  const handoff = await db.handoff.findFirst({
    where: { orgId, run: { stageAttempt: { pipelineRunId: stageAttempt.pipelineRunId } } },
    orderBy: { id: 'desc' },
  });
  const earlier = await db.review.findFirst({ where: { orgId, changeId: change.id }, orderBy: { id: 'desc' } });
  const record = handoff ? handoffRecord.parse(handoff.body) : null;
  return {
    base,
    commit,
    diff: await codeHost.diff(span),
    changed: (await codeHost.changedBetween(span)).map(({ path, status }) => ({ path, status })),
    evidence: checkEvidence.parse(check.evidence),
    handoff: record?.body ?? null,
    proofs: record?.proofs ?? [],
    earlier: earlier ? reviewRecord.parse(earlier.findings).findings : [],
  };
}
