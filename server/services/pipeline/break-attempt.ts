import { AppError } from '../../domain/errors.ts';
import type { StageOutcome } from '../../domain/pipeline/stage-outcome.ts';
import { endAttempt } from './end-attempt.ts';
import type { WorkContext } from './work-context.ts';
import { sendAfterCommit } from './send-after-commit.ts';

/** Gives a check or merge up that cannot be made: a person sees why and decides. Does nothing when it is over. */
export async function breakAttempt(
  { database, orgId, now, bus }: WorkContext,
  { attemptId, detail }: { attemptId: string; detail: string },
): Promise<void> {
  const row = await database.org(orgId).stageAttempt.findUnique({ where: { orgId_id: { orgId, id: attemptId } } });
  if (!row || (row.kind !== 'check' && row.kind !== 'merge')) return;
  const outcome: StageOutcome =
    row.kind === 'check'
      ? { kind: 'check', verdict: 'broken', detail, checkResultId: null, failing: [], casesBlobId: null }
      : { kind: 'merge', result: 'broken', detail, commit: null, paths: [], failing: [], target: null };
  try {
    await database.transaction(orgId, (tx) => endAttempt(tx, { orgId, now, attemptId, outcome }));
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'conflict')) throw error;
  }
  const { pipelineRunId } = row;
  await sendAfterCommit(bus, [{ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } }]);
}
