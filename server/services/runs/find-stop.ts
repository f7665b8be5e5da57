import type { OrgTx } from '../../db/connect.ts';
import type { RunOutcome } from '../../domain/runs/run-state.ts';

export type StopCommand = { reason: string };

/** A person's wish to end the run that nobody has acted on yet. */
export async function findStop(
  tx: OrgTx,
  { orgId, runId }: { orgId: string; runId: string },
): Promise<StopCommand | null> {
  const command = await tx.command.findFirst({
    where: { orgId, runId, kind: 'stop', acknowledgedAt: null },
    orderBy: { seq: 'asc' },
  });
  if (!command) return null;
  const { reason = '' } = command.body as { reason?: string };
  return { reason };
}

/** A person's wish to pause the run that was neither obeyed nor taken back. */
export async function findPause(
  tx: OrgTx,
  { orgId, runId }: { orgId: string; runId: string },
): Promise<{ commandId: string } | null> {
  const command = await tx.command.findFirst({
    where: { orgId, runId, kind: 'pause', acknowledgedAt: null },
    orderBy: { seq: 'asc' },
  });
  return command && { commandId: command.id };
}

/** How a run ends that a person stopped. */
export function outcomeOfStop({ reason }: StopCommand): RunOutcome & { reason: 'stopped_by_person' } {
  return { reason: 'stopped_by_person', detail: `Stopped by a person: ${reason}` };
}
