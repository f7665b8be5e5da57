import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { strictestOf } from '../../domain/approval/decided-by.ts';
import type { ApprovalSubject } from '../../domain/approval/subject.ts';
import { reworkLeft } from '../../domain/pipeline/failure-step.ts';
import { handoffRecord } from '../../domain/runs/handoff-record.ts';
import { decide } from '../../domain/policy/decide.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { readRunPolicy } from '../policy/read-run-policy.ts';
import { requestApproval } from '../approvals/request-approval.ts';
import { readHistory } from './read-history.ts';
import type { Started } from './start-attempt.ts';
import { platform } from './work-context.ts';

type Asking = { orgId: string; now: Date; pipelineRunId: string; stageAttemptId: string };

/** Asks for the approval of exactly this head and patch, under the policy of the run that wrote it. */
export async function askForMerge(tx: OrgTx, asking: Asking): Promise<Started> {
  const { orgId, now, pipelineRunId, stageAttemptId } = asking;
  const subject = await mergeSubject(tx, { orgId, pipelineRunId, stageAttemptId });
  const approvalId = await requestApproval(tx, {
    orgId,
    now,
    actor: platform,
    pipelineRunId,
    stageAttemptId,
    runId: null,
    subject,
  });
  const waits = {
    for: 'approval of the merge',
    since: now.toISOString(),
    wakes: 'a person decides on the approval page',
    ref: approvalId,
  };
  return { waits, events: [] };
}

async function mergeSubject(
  tx: OrgTx,
  { orgId, pipelineRunId, stageAttemptId }: Omit<Asking, 'now'>,
): Promise<ApprovalSubject> {
  const change = await tx.change.findUniqueOrThrow({
    where: { orgId_pipelineRunId: { orgId, pipelineRunId } },
    include: { repo: true },
  });
  const handoffs = await tx.handoff.findMany({
    where: { orgId, run: { stageAttempt: { pipelineRunId } } },
    orderBy: { id: 'desc' },
    include: {
      run: { include: { roleVersion: true, stageAttempt: { include: { pipelineRun: { include: { task: true } } } } } },
    },
  });
  const handoff = handoffs.find(({ body }) => handoffRecord.parse(body).commit === change.head);
  if (!change.head || !change.patchId || !handoff) {
    throw new AppError('conflict', 'There is nothing to merge yet: no hand-off was accepted.', { pipelineRunId });
  }
  return {
    kind: 'merge',
    changeId: change.id,
    repo: change.repo.name,
    target: change.target,
    base: change.base,
    head: change.head,
    patchId: change.patchId,
    policyVersionId: handoff.run.policyVersionId,
    files: change.files,
    added: change.added,
    removed: change.removed,
    summary: handoffRecord.parse(handoff.body).body.summary,
    ...(await reworkRoute(tx, { orgId, pipelineRunId, stageAttemptId })),
    ...(await twoDecide(tx, { orgId, repoId: change.repoId, run: handoff.run })),
  };
}

type MergedRun = Parameters<typeof readRunPolicy>[1]['run'] & {
  roleVersion: { body: unknown };
  stageAttempt: { pipelineRun: { task: { scope: string[] } } };
};

/** Where the policy wants two people for a merge, two say yes; who may at all is decided by rights. */
async function twoDecide(tx: OrgTx, { orgId, repoId, run }: { orgId: string; repoId: string; run: MergedRun }) {
  const scope = {
    role: roleBody.parse(run.roleVersion.body).write,
    taskScope: run.stageAttempt.pipelineRun.task.scope,
  };
  const policy = await readRunPolicy(tx, { orgId, repoId, run, scope });
  const verdict = decide({ ...policy, grants: [], held: [] }, { kind: 'gate', gate: 'merge' });
  return verdict.who === 'two' ? { decides: { ...strictestOf([verdict]), owners: [] } } : {};
}

async function reworkRoute(tx: OrgTx, { orgId, pipelineRunId, stageAttemptId }: Omit<Asking, 'now'>) {
  const history = await readHistory(tx, { orgId, pipelineRunId });
  const asking = history.attempts.find(({ id }) => id === stageAttemptId);
  const route = history.definition.stages.find(({ name }) => name === asking?.stage)?.onFail;
  return route && reworkLeft(history, route) ? { reworkTo: route.goTo } : {};
}
