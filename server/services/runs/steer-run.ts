import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { requesterOf } from '../../domain/events/actor.ts';
import { isId } from '../../domain/ids.ts';
import { isRunOver, waits, type RunStatus } from '../../domain/runs/run-state.ts';
import { wakeRun } from '../approvals/wake-run.ts';
import { lockPipelineRun } from '../pipeline/lock-pipeline-run.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
import { addCommand } from './add-command.ts';
import { findPause } from './find-stop.ts';
import { lockRun } from './lock-run.ts';

/** A message is read with the next prompt, every time until the run ends: longer ones belong into the task. */
const longestMessage = 4_000;

type OpenRun = { status: RunStatus; waits: unknown };

/**
 * Leaves a message for a run's agent: it gets it before its next model call, and until then the message is pending. A run
 * that waits or is paused gets it when it goes on. Throws `not_found`, `conflict` when the run is over, `invalid_input`.
 */
export async function steerRun(
  { database, orgId, actor, now }: Omit<ActorContext, 'bus'>,
  { runId, text }: { runId: string; text: string },
): Promise<void> {
  const byUserId = personOf(actor);
  const words = text.trim();
  if (words === '') throw new AppError('invalid_input', 'Say something: an empty message steers nothing.');
  if (words.length > longestMessage) {
    const message = `The message has ${words.length} characters; ${longestMessage} is the most. Say it shorter.`;
    throw new AppError('invalid_input', message);
  }
  await database.transaction(orgId, async (tx) => {
    await openRun(tx, { orgId, runId });
    const commandId = await addCommand(tx, { orgId, now, runId, kind: 'steer', body: { text: words }, byUserId });
    const payload = { runId, commandId, text: words };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'run.steered', payload }] });
  });
}

/**
 * Asks a run to pause: its holder lets the calls in the air end, then gives it back until somebody resumes it. Asked
 * twice, it pauses once. Throws as `steerRun`.
 */
export async function pauseRun(
  { database, orgId, actor, now }: Omit<ActorContext, 'bus'>,
  { runId }: { runId: string },
): Promise<void> {
  const byUserId = personOf(actor);
  await database.transaction(orgId, async (tx) => {
    const run = await openRun(tx, { orgId, runId });
    if (isPaused(run) || (await findPause(tx, { orgId, runId }))) return;
    await addCommand(tx, { orgId, now, runId, kind: 'pause', body: {}, byUserId });
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'run.pause-requested', payload: { runId } }] });
  });
}

/**
 * Lets a paused run go on, or takes back a pause that has not come into force. Throws `not_found`, `conflict` when there is
 * nothing to resume.
 */
export async function resumeRun(
  { database, orgId, actor, now, bus }: ActorContext,
  { runId }: { runId: string },
): Promise<void> {
  personOf(actor);
  const events = await database.transaction(orgId, async (tx) => {
    const found = await tx.run.findUnique({
      where: { orgId_id: { orgId, id: runId } },
      include: { stageAttempt: true },
    });
    if (found) await lockPipelineRun(tx, { orgId, pipelineRunId: found.stageAttempt.pipelineRunId });
    const run = await openRun(tx, { orgId, runId });
    const pending = await tx.command.updateMany({
      where: { orgId, runId, kind: 'pause', acknowledgedAt: null },
      data: { acknowledgedAt: now },
    });
    if (pending.count === 0 && !isPaused(run)) throw new AppError('conflict', 'This run is not paused.');
    const woken = isPaused(run) ? await wakeRun(tx, { orgId, runId, now }) : [];
    await appendOrgEvents(tx, {
      orgId,
      actor,
      at: now,
      events: [{ kind: 'run.resume-requested', payload: { runId } }],
    });
    return woken;
  });
  await sendAfterCommit(bus, events);
}

function personOf(actor: ActorContext['actor']): string {
  const by = requesterOf(actor);
  if (by === null) {
    throw new AppError('forbidden', 'Only a person or a service account can steer, pause or resume a run.');
  }
  return by;
}

/** A run that waits for the person who resumes it: what it waits for is the pause itself. */
function isPaused(run: OpenRun): boolean {
  const read = waits.safeParse(run.waits);
  return run.status === 'waiting' && read.success && read.data.ref !== null && isId('command', read.data.ref);
}

/** The run under its row lock. */
async function openRun(tx: OrgTx, { orgId, runId }: { orgId: string; runId: string }): Promise<OpenRun> {
  if ((await lockRun(tx, { orgId, runId })) === 0) throw new AppError('not_found', 'There is no such run.');
  const run = await tx.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
  if (isRunOver(run.status)) throw new AppError('conflict', 'This run is over already.');
  return run;
}
