import type { OrgTx } from '../../db/connect.ts';
import { requestApproval } from '../approvals/request-approval.ts';
import type { Waits } from '../../domain/runs/run-state.ts';
import { platform } from './work-context.ts';

export type Escalating = {
  orgId: string;
  now: Date;
  pipelineRunId: string;
  attemptId: string;
  reason: string;
  detail: string;
  retryStage: string;
};

/** Puts a failure that the pipeline cannot mend before a person; returns what the pipeline run waits for. */
export async function escalateAttempt(tx: OrgTx, escalating: Escalating): Promise<Waits> {
  const { orgId, now, pipelineRunId, attemptId, reason, detail, retryStage } = escalating;
  const ref = await requestApproval(tx, {
    orgId,
    now,
    actor: platform,
    pipelineRunId,
    stageAttemptId: attemptId,
    runId: null,
    subject: { kind: 'escalation', pipelineRunId, reason, detail, retryStage },
  });
  const since = now.toISOString();
  return { for: 'a person to decide how to go on', since, wakes: 'a person decides on the approval page', ref };
}
