import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { strictestOf } from '../../domain/approval/decided-by.ts';
import type { ApprovalSubject } from '../../domain/approval/subject.ts';
import { reworkLeft } from '../../domain/pipeline/failure-step.ts';
import { handoffRecord } from '../../domain/runs/handoff-record.ts';
import { decide } from '../../domain/policy/decide.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import type { RunEvent } from '../../domain/events/run-events.ts';
import { driftOf } from '../../domain/scope/drift.ts';
import { askedWithMerge } from '../runs/judge-handoff.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { readRunPolicy } from '../policy/read-run-policy.ts';
import { requestApproval } from '../approvals/request-approval.ts';
import { endAttempt } from './end-attempt.ts';
import { readHistory } from './read-history.ts';
import type { Started } from './start-attempt.ts';
import { platform } from './work-context.ts';

type Asking = { orgId: string; now: Date; pipelineRunId: string; stageAttemptId: string };

/** Asks for the approval of exactly this head and patch, under the policy of the run that wrote it. */
export async function askForMerge(tx: OrgTx, asking: Asking): Promise<Started> {
  const { orgId, now, pipelineRunId, stageAttemptId } = asking;
  const asked = await mergeSubject(tx, { orgId, pipelineRunId, stageAttemptId });
  if ('barred' in asked) {
    const outcome = { kind: 'merge' as const, result: 'refused' as const, detail: asked.barred, ...nothingMerged };
    await endAttempt(tx, { orgId, now, attemptId: stageAttemptId, outcome });
    return { waits: null, events: [{ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } }] };
  }
  const { subject } = asked;
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

const nothingMerged = { commit: null, paths: [], failing: [], target: null };

async function mergeSubject(
  tx: OrgTx,
  { orgId, pipelineRunId, stageAttemptId }: Omit<Asking, 'now'>,
): Promise<{ subject: ApprovalSubject } | { barred: string }> {
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
  const records = handoffs.map(({ body }) => handoffRecord.parse(body));
  const record = handoffRecord.parse(handoff.body);
  // A change is what all of its rounds have handed over.
  const changed = [...new Set(records.flatMap((each) => each.changed))].toSorted();
  const { scope } = handoff.run.stageAttempt.pipelineRun.task;
  const gate = await judgeMerge(tx, { orgId, repoId: change.repoId, run: handoff.run });
  if (gate.verdict === 'deny') return { barred: `Rule ${gate.rule} of the ${gate.layer}: ${gate.reason}` };
  const asking = askedWithMerge(record.judged);
  const subject: ApprovalSubject = {
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
    summary: record.body.summary,
    ...(await reworkRoute(tx, { orgId, pipelineRunId, stageAttemptId })),
    ...twoDecide([gate, ...asking]),
    ...(asking.length > 0 ? { asked: asking.map(({ rule, reason }) => ({ rule, reason })) } : {}),
    drift: driftOf({
      scope,
      changed,
      leftOut: record.leftOut,
      plan: await planOf(tx, { orgId, runId: handoff.runId }),
    }),
  };
  return { subject };
}

type MergedRun = Parameters<typeof readRunPolicy>[1]['run'] & {
  roleVersion: { body: unknown };
  stageAttempt: { pipelineRun: { task: { scope: string[] } } };
};

/** What the policy of the run that wrote it says of merging. */
async function judgeMerge(tx: OrgTx, { orgId, repoId, run }: { orgId: string; repoId: string; run: MergedRun }) {
  const role = roleBody.parse(run.roleVersion.body);
  const { scope: taskScope } = run.stageAttempt.pipelineRun.task;
  const scope = { role: role.write, network: role.network, taskScope };
  const { policy, also } = await readRunPolicy(tx, { orgId, repoId, run, scope });
  return decide({ policy, also, grants: [], held: [] }, { kind: 'gate', gate: 'merge' });
}

/** Where the policy wants two people for a merge or for what is asked with it, two say yes; who may at all is decided by rights. */
function twoDecide(verdicts: readonly Verdict[]) {
  const by = strictestOf(verdicts);
  return by.who === 'two' ? { decides: { ...by, owners: [] } } : {};
}

/** The agent's plan as it last wrote it down. */
async function planOf(tx: OrgTx, { orgId, runId }: { orgId: string; runId: string }) {
  const log = (await readAllEvents(tx, { orgId, kind: 'run', subject: runId })) as RunEvent[];
  const last = log.findLast((event) => event.kind === 'plan.updated');
  return last?.kind === 'plan.updated' ? last.payload.items : [];
}

async function reworkRoute(tx: OrgTx, { orgId, pipelineRunId, stageAttemptId }: Omit<Asking, 'now'>) {
  const history = await readHistory(tx, { orgId, pipelineRunId });
  const asking = history.attempts.find(({ id }) => id === stageAttemptId);
  const route = history.definition.stages.find(({ name }) => name === asking?.stage)?.onFail;
  return route && reworkLeft(history, route) ? { reworkTo: route.goTo } : {};
}
