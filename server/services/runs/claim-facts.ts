import type { OrgTx } from '../../db/connect.ts';
import type { OrgRole } from '../../domain/authz/scopes.ts';
import { isId } from '../../domain/ids.ts';
import type { ClaimFacts } from '../../domain/runs/claim-rule.ts';
import { isRunOver } from '../../domain/runs/run-state.ts';
import { findDeletion } from '../orgs/org-deletion.ts';
import { findPause, findStop } from './find-stop.ts';

type OfRun = { orgId: string; runId: string };

/** What `mayBeClaimed` judges, as it stands now. */
export async function claimFacts(tx: OrgTx, { orgId, runId }: OfRun): Promise<ClaimFacts> {
  const { agent, stageAttempt } = await tx.run.findUniqueOrThrow({
    where: { orgId_id: { orgId, id: runId } },
    include: { agent: true, stageAttempt: { include: { pipelineRun: { include: { task: true } } } } },
  });
  const { repoId, requesterId } = stageAttempt.pipelineRun.task;
  const lineage = await tx.lineage.findUnique({
    where: { orgId_roleId_repoId: { orgId, roleId: agent.roleId, repoId } },
  });
  return {
    requesterRole: await requesterRole(tx, { orgId, requesterId }),
    agentServesRepo: agent.repoId === null || agent.repoId === repoId,
    quarantinedAt: lineage?.quarantinedAt ?? null,
    retiredAgent: agent.retiredAt === null ? null : agent.name,
    orgGoesAt: (await findDeletion(tx, orgId))?.dueAt ?? null,
    unasked: await isUnasked(tx, { orgId, parentRunId: stageAttempt.parentRunId }),
  };
}

/** Whether a helper's parent is over, or a person wants it stopped or paused: a helper works only for one that waits for it. */
export async function isUnasked(
  tx: OrgTx,
  { orgId, parentRunId }: { orgId: string; parentRunId: string | null },
): Promise<boolean> {
  if (parentRunId === null) return false;
  const parent = await tx.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: parentRunId } } });
  const of = { orgId, runId: parentRunId };
  return isRunOver(parent.status) || (await findStop(tx, of)) !== null || (await findPause(tx, of)) !== null;
}

/** A service account counts as a member for as long as it is not retired. */
async function requesterRole(
  tx: OrgTx,
  { orgId, requesterId: id }: { orgId: string; requesterId: string },
): Promise<OrgRole | null> {
  if (isId('serviceAccount', id)) {
    const account = await tx.serviceAccount.findUnique({ where: { orgId_id: { orgId, id } } });
    return account !== null && account.retiredAt === null ? 'member' : null;
  }
  const member = await tx.member.findUnique({ where: { orgId_userId: { orgId, userId: id } } });
  return member?.role ?? null;
}

/** Leaves a run queued, saying what it waits for. */
export async function holdBack(
  tx: OrgTx,
  { orgId, runId, now, hold }: OfRun & { now: Date; hold: { for: string; wakes: string } },
): Promise<{ kind: 'not_now' }> {
  const waits = { ...hold, since: now.toISOString(), ref: null };
  await tx.run.updateMany({ where: { orgId, id: runId, status: 'queued' }, data: { waits } });
  return { kind: 'not_now' };
}
