import type { Bus, BusEvent } from '../../../inngest/bus/events.ts';
import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { dayOf, freshMs } from '../../domain/orgs/org-deletion.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';
import { wakeRun } from '../approvals/wake-run.ts';
import { isAnythingHeld } from '../audit/retention/holds.ts';
import { actingMember, type PeopleContext } from '../people/people-context.ts';
import { lockPipelineRun } from '../pipeline/lock-pipeline-run.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { deletionRequested, deletionUndone } from './deletion-mails.ts';
import { findDeletion } from './org-deletion.ts';
import { mailEach, ownersOf } from './owners.ts';

type Context = PeopleContext & {
  mailer: Mailer;
  publicUrl: string;
  report(error: unknown, where: string): void;
  /** The address of who acts. */
  by: string;
};

/**
 * Sets the day on which the org goes, stops its runs and tells its owners. For an owner who signed in lately and typed the
 * org's name. Throws `forbidden`, `sign_in_again`, `invalid_input` (another name) or `conflict` (asked for already).
 */
export async function requestDeletion(
  context: Context & { bus: Bus; graceDays: number; signedInAt: Date | null },
  { name }: { name: string },
): Promise<void> {
  const { database, orgId, actor, now, publicUrl, by, graceDays, signedInAt } = context;
  if (signedInAt === null || now.getTime() - signedInAt.getTime() > freshMs) {
    throw new AppError('sign_in_again', 'Deleting an org takes a fresh sign-in. Sign in again, then come back here.');
  }
  const { org, dueAt } = await database.transaction(orgId, async (tx) => {
    const found = await ownedBy(tx, context, 'delete');
    if (name.trim() !== found.name) {
      throw new AppError('invalid_input', `Type the org's name exactly as it is written: ${found.name}`);
    }
    if ((await findDeletion(tx, orgId)) !== null) {
      throw new AppError('conflict', 'Somebody has asked for this already. Load the page again.');
    }
    if (await isAnythingHeld(tx, orgId)) {
      throw new AppError('conflict', 'A legal hold keeps what this org did. Lift it first, under Settings, Retention.');
    }
    const id = newId('orgDeletion');
    const asked = { orgId, id, requestedBy: byUser(context), dueAt: new Date(now.getTime() + graceDays * 86_400_000) };
    await tx.orgDeletion.create({ data: asked });
    const row = await tx.orgDeletion.findUniqueOrThrow({ where: { orgId_id: { orgId, id } } });
    const payload = { deletionId: id, dueAt: row.dueAt.toISOString() };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'org.deletion-requested', payload }] });
    return { org: found, dueAt: row.dueAt };
  });
  await endRuns(context);
  await mailEach(context, await ownersOf(database, orgId), deletionRequested(org, { publicUrl, by, dueAt }));
}

/** Has the org stay, until the day it was to go. Any owner's; throws `forbidden`, or `conflict` where it is too late. */
export async function undoDeletion(context: Context): Promise<void> {
  const { database, orgId, actor, now, publicUrl, by } = context;
  const org = await database.transaction(orgId, async (tx) => {
    const found = await ownedBy(tx, context, 'keep');
    const deletion = await findDeletion(tx, orgId);
    if (deletion === null) throw new AppError('conflict', 'Nobody wants this org deleted any more.');
    const { count } = await tx.orgDeletion.updateMany({
      where: { orgId, id: deletion.id, undoneAt: null, dueAt: { gt: now } },
      data: { undoneAt: now, undoneBy: byUser(context) },
    });
    if (count === 0) throw new AppError('conflict', `It is too late: the grace was over on ${dayOf(deletion.dueAt)}.`);
    const payload = { deletionId: deletion.id };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'org.deletion-undone', payload }] });
    return found;
  });
  await mailEach(context, await ownersOf(database, orgId), deletionUndone(org, { publicUrl, by }));
}

function byUser({ actor }: PeopleContext): string {
  if (actor.type !== 'user') throw new AppError('forbidden', 'Only a person can decide whether an org goes.');
  return actor.userId;
}

/** The org, under the lock of its stream, where who acts owns it at this moment. */
async function ownedBy(tx: OrgTx, context: PeopleContext, what: 'delete' | 'keep') {
  const { orgId } = context;
  await lockOrgStream(tx, orgId);
  const { role } = await actingMember(tx, context);
  if (role !== 'owner') throw new AppError('forbidden', `Only an owner can ${what} an org.`);
  return tx.org.findUniqueOrThrow({ where: { id: orgId } });
}

/** Wakes each open run, so that a worker takes it and ends it; one that is held ends with its next heartbeat. */
async function endRuns({ database, orgId, now, bus }: PeopleContext & { bus: Bus }): Promise<void> {
  const open = await database.org(orgId).run.findMany({
    where: { orgId, status: { in: ['queued', 'running', 'waiting'] } },
    select: { id: true, stageAttempt: { select: { pipelineRunId: true } } },
  });
  const events: BusEvent[] = [];
  for (const { id: runId, stageAttempt } of open) {
    await database.transaction(orgId, async (tx) => {
      await lockPipelineRun(tx, { orgId, pipelineRunId: stageAttempt.pipelineRunId });
      await wakeRun(tx, { orgId, runId, now });
    });
    events.push({ name: 'run/slice-requested', data: { orgId, runId } });
  }
  await sendAfterCommit(bus, events);
}
