import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { approvalSubject } from '../../domain/approval/subject.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { waits } from '../../domain/runs/run-state.ts';
import { lockPipelineRun } from '../pipeline/lock-pipeline-run.ts';
import type { WorkContext } from '../pipeline/work-context.ts';
import { reopenProposals } from '../proposals/reopen-proposals.ts';
import { lockRun } from '../runs/lock-run.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { requestApproval } from './request-approval.ts';

const sweeper: Actor = { type: 'system', reason: 'deadline passed' };

/**
 * Closes an approval whose deadline has passed and asks the same thing anew, where a task waits for it: expiry neither approves
 * nor discards.
 */
export async function expireApproval(
  { database, orgId, now }: Omit<WorkContext, 'bus'>,
  { approvalId }: { approvalId: string },
): Promise<void> {
  const found = await database.org(orgId).approval.findUnique({ where: { orgId_id: { orgId, id: approvalId } } });
  if (!found) return;
  await database.transaction(orgId, async (tx) => {
    // As decisions do: a version of a policy or role belongs to no task, and its saves hold the org's stream before they close what waits.
    if (found.pipelineRunId === null) await lockOrgStream(tx, orgId);
    else await lockPipelineRun(tx, { orgId, pipelineRunId: found.pipelineRunId });
    if (found.runId !== null) await lockRun(tx, { orgId, runId: found.runId });
    const expired = await tx.approval.updateMany({
      where: { orgId, id: approvalId, status: 'pending', expiresAt: { lte: now } },
      data: { status: 'expired', decidedAt: now },
    });
    if (expired.count === 0) return;
    const row = await tx.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: approvalId } } });
    const payload = { approvalId, status: 'expired' as const, reason: 'Nobody decided before the deadline.' };
    const reopened = await reopenProposals(tx, { orgId, approvalIds: [approvalId] });
    const events: OrgEvent[] = [{ kind: 'approval.closed', payload }, ...reopened];
    await appendOrgEvents(tx, { orgId, actor: sweeper, at: now, events });
    const { pipelineRunId, stageAttemptId, runId } = row;
    // Nobody waits for a version of a policy or role: who still wants it saves or accepts it once more.
    if (pipelineRunId === null) return;
    const subject = approvalSubject.parse(row.subject);
    const anew = await requestApproval(tx, {
      orgId,
      now,
      actor: sweeper,
      pipelineRunId,
      stageAttemptId,
      runId,
      subject,
    });
    await repoint(tx, { orgId, from: approvalId, to: anew, pipelineRunId, runId });
  });
}

type Repointing = { orgId: string; from: string; to: string; pipelineRunId: string; runId: string | null };

/** Whatever named the old approval as what it waits for names the new one. */
async function repoint(tx: OrgTx, { orgId, from, to, pipelineRunId, runId }: Repointing): Promise<void> {
  const renamed = (stored: unknown) => {
    const read = waits.safeParse(stored);
    return read.success && read.data.ref === from ? { ...read.data, ref: to } : null;
  };
  const pipelineRun = await tx.pipelineRun.findUniqueOrThrow({ where: { orgId_id: { orgId, id: pipelineRunId } } });
  const forPipelineRun = renamed(pipelineRun.waits);
  if (forPipelineRun) {
    await tx.pipelineRun.updateMany({ where: { orgId, id: pipelineRunId }, data: { waits: forPipelineRun } });
  }
  if (runId === null) return;
  const run = await tx.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
  const forRun = renamed(run.waits);
  if (forRun) await tx.run.updateMany({ where: { orgId, id: runId, status: 'waiting' }, data: { waits: forRun } });
}
