import { appendOrgEvents } from '../../db/append-event.ts';
import { Prisma } from '../../db/generated/client.ts';
import { AppError } from '../../domain/errors.ts';
import { requesterOf } from '../../domain/events/actor.ts';
import { isRunOver } from '../../domain/runs/run-state.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
import { addCommand } from './add-command.ts';
import { lockRun } from './lock-run.ts';

/**
 * Asks a run to stop: a command row that its lease holder obeys at the next heartbeat. A run that waits for a person or a
 * pause is queued, so that a worker takes it and ends it. Throws `not_found`, `conflict` when it is over.
 */
export async function stopRun(
  { database, orgId, actor, now, bus }: ActorContext,
  { runId, reason }: { runId: string; reason: string },
): Promise<void> {
  const byUserId = requesterOf(actor);
  if (byUserId === null) throw new AppError('forbidden', 'Only a person or a service account can stop a run.');
  const words = reason.trim().slice(0, 500) || 'No reason given.';
  await database.transaction(orgId, async (tx) => {
    // The row lock first: what the run's holder does at this moment is done before or after all of this.
    if ((await lockRun(tx, { orgId, runId })) === 0) throw new AppError('not_found', 'There is no such run.');
    const { status } = await tx.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
    if (isRunOver(status)) throw new AppError('conflict', 'This run is over already.');
    await tx.run.updateMany({
      where: { orgId, id: runId, status: { in: ['waiting', 'queued'] } },
      data: { status: 'queued', waits: Prisma.DbNull },
    });
    await addCommand(tx, { orgId, now, runId, kind: 'stop', body: { reason: words }, byUserId });
    const payload = { runId, reason: words };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'run.stop-requested', payload }] });
  });
  await sendAfterCommit(bus, [{ name: 'run/slice-requested', data: { orgId, runId } }]);
}
