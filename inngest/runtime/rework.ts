import type { Rework } from '../../server/agent/prompts/brief.ts';
import { checkEvidence } from '../../server/domain/checks/evidence.ts';
import { stageInput, type StageCause } from '../../server/domain/pipeline/stage-input.ts';
import { stageOutcome } from '../../server/domain/pipeline/stage-outcome.ts';
import { earlierTry } from '../../server/domain/transcript/earlier-try.ts';
import { foldTranscript } from '../../server/domain/transcript/fold.ts';
import { reviewRecord } from '../../server/domain/runs/review-record.ts';
import { runOutcome } from '../../server/domain/runs/run-state.ts';
import { readRunLog } from '../../server/services/runs/read-run-log.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import type { Worker } from './worker.ts';

type Asking = { worker: Worker; orgId: string; file: RunFile };

/** Why a change comes back to its author, in the words of whoever sent it back; null for a first try. */
export async function reworkOf(worker: Worker, of: { orgId: string; file: RunFile }): Promise<Rework | null> {
  return ofCause({ worker, ...of }, of.file.input.cause);
}

async function ofCause(asking: Asking, cause: StageCause): Promise<Rework | null> {
  switch (cause.from) {
    case 'order':
    case 'delegate':
      return null;
    case 'check':
      return ofCheck(asking, cause.attemptId);
    case 'review':
      return ofReview(asking, { reviewId: cause.reviewId });
    case 'denial':
      return { reason: 'merge_denied', note: cause.note };
    case 'merge':
      return ofMerge(asking, cause);
    case 'again': {
      const rework = await ofAttempt(asking, cause.attemptId);
      return cause.reason === 'stuck' ? afterStuck(asking, { rework, attemptId: cause.attemptId }) : rework;
    }
    case 'turn':
      return ofAttempt(asking, cause.attemptId);
    case 'person': {
      const rework = await ofAttempt(asking, cause.attemptId);
      return withNote(rework, cause.note ?? '');
    }
  }
}

/** Of an attempt of this very stage: why that one was started. Of another: what it came to. */
async function ofAttempt(asking: Asking, attemptId: string): Promise<Rework | null> {
  const { worker, orgId, file } = asking;
  const row = await worker.database
    .org(orgId)
    .stageAttempt.findUnique({ where: { orgId_id: { orgId, id: attemptId } } });
  if (!row) return null;
  if (row.stage === file.stageAttempt.stage) return ofCause(asking, stageInput.parse(row.input).cause);
  const outcome = stageOutcome.parse(row.outcome);
  if (outcome.kind === 'check') return ofCheck(asking, attemptId);
  if (outcome.kind === 'agent' && outcome.review) return ofReview(asking, { reviewId: outcome.review.id });
  return 'detail' in outcome ? { reason: 'again', detail: outcome.detail } : null;
}

/** A fresh try knows why the work was asked for, how the first one ended, and what that one had done. */
async function afterStuck(asking: Asking, of: { rework: Rework | null; attemptId: string }): Promise<Rework | null> {
  const { rework, attemptId } = of;
  const { worker, orgId } = asking;
  const db = worker.database.org(orgId);
  const run = await db.run.findUnique({ where: { orgId_stageAttemptId: { orgId, stageAttemptId: attemptId } } });
  if (!run) return rework;
  const { inherited, own } = await readRunLog(db, { orgId, runId: run.id });
  const { detail } = runOutcome.parse(run.outcome);
  const earlier = [detail, earlierTry(foldTranscript([...inherited, ...own]))].filter((part) => part !== null);
  return { ...(rework ?? { reason: 'fresh' as const }), earlier: earlier.join('\n\n') };
}

async function ofCheck({ worker, orgId }: Asking, stageAttemptId: string): Promise<Rework | null> {
  const row = await worker.database
    .org(orgId)
    .checkResult.findFirst({ where: { orgId, stageAttemptId }, orderBy: { id: 'desc' } });
  if (!row) return null;
  const { failing, outputTail } = checkEvidence.parse(row.evidence);
  return { reason: 'check_failed', failing, outputTail };
}

async function ofReview({ worker, orgId }: Asking, { reviewId }: { reviewId: string }): Promise<Rework | null> {
  const row = await worker.database.org(orgId).review.findUnique({ where: { orgId_id: { orgId, id: reviewId } } });
  if (!row) return null;
  const { summary, findings } = reviewRecord.parse(row.findings);
  return { reason: 'changes_requested', summary, findings };
}

async function ofMerge(
  { worker, file }: Asking,
  { problem, paths, detail }: Extract<StageCause, { from: 'merge' }>,
): Promise<Rework> {
  if (problem !== 'conflict') return { reason: 'merge_tests_failed', failing: paths, outputTail: detail };
  const { change, repo, input } = file;
  const { head } = input;
  const diff = head ? await worker.codeHost.diff({ mirror: repo.id, base: change.base, head }) : '';
  return { reason: 'merge_conflict', paths, diff };
}

/** What the person said stands apart: it is an order, and what it is about is a quote. */
function withNote(rework: Rework | null, note: string): Rework {
  return rework ? { ...rework, note } : { reason: 'again', detail: 'Why it ended is not known any more.', note };
}
