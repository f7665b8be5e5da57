import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { platform } from '../pipeline/work-context.ts';

type Voiding = { orgId: string; now: Date; pipelineRunId: string; reason: string };

/** Closes what nobody needs to decide any more of a pipeline run. Runs inside the caller's transaction. */
export async function voidApprovals(tx: OrgTx, { orgId, now, pipelineRunId, reason }: Voiding): Promise<void> {
  const open = await tx.approval.findMany({ where: { orgId, pipelineRunId, status: 'pending' }, select: { id: true } });
  const events: OrgEvent[] = [];
  for (const { id } of open) {
    const voided = await tx.approval.updateMany({
      where: { orgId, id, status: 'pending' },
      data: { status: 'voided', decidedAt: now },
    });
    if (voided.count === 0) continue;
    events.push({ kind: 'approval.closed', payload: { approvalId: id, status: 'voided', reason } });
  }
  await appendOrgEvents(tx, { orgId, actor: platform, at: now, events });
}
