import type { BusEvent } from '../../../inngest/bus/events.ts';
import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { wakeRun } from '../approvals/wake-run.ts';
import { voidDefinitions } from '../definitions/void-definitions.ts';
import { lockPipelineRun } from '../pipeline/lock-pipeline-run.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
import { readWaitsFor } from '../policy/approval-rule.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

/**
 * Takes an agent out of work: it gets no new run, and those it has end, each saying why, so that people decide how their
 * tasks go on. Its history stays. Retired twice, it is retired once. Throws `not_found`.
 */
export async function retireAgent(
  { database, orgId, actor, now, bus }: ActorContext,
  { agentId }: { agentId: string },
): Promise<void> {
  personOnly(actor);
  const events = await database.transaction(orgId, async (tx) => {
    // The agent's row lock, which claims take too: whoever comes second sees what the first one did.
    const retired = await tx.agent.updateMany({
      where: { orgId, id: agentId, retiredAt: null },
      data: { retiredAt: now },
    });
    const agent = await found(tx, { orgId, agentId });
    if (retired.count === 0) return [];
    const woken = await endRuns(tx, { orgId, agentId, now });
    const payload = { agentId, name: agent.name, openRuns: woken.length };
    await lockOrgStream(tx, orgId);
    const what = { of: 'agent' as const, agentId, name: agent.name };
    const closed = await voidDefinitions(tx, { orgId, now, what, reason: 'The agent is retired by now.' });
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'agent.retired', payload }, ...closed] });
    return woken.flat();
  });
  await sendAfterCommit(bus, events);
}

/**
 * Lets a retired agent work again; runs that ended meanwhile stay ended. Throws `not_found`, and `forbidden` where the policy wants
 * what lets agents do more approved by somebody else.
 */
export async function reinstateAgent(
  { database, orgId, actor, now }: Omit<ActorContext, 'bus'>,
  { agentId }: { agentId: string },
): Promise<void> {
  personOnly(actor);
  await database.transaction(orgId, async (tx) => {
    const back = await tx.agent.updateMany({
      where: { orgId, id: agentId, retiredAt: { not: null } },
      data: { retiredAt: null },
    });
    const { name } = await found(tx, { orgId, agentId });
    if (back.count === 0) return;
    // Under the lock that a policy comes into force under.
    await lockOrgStream(tx, orgId);
    if ((await readWaitsFor(tx, orgId, 'agents')) !== null) throw waitsForAnother(name);
    const payload = { agentId, name };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'agent.reinstated', payload }] });
  });
}

const waitsForAnother = (name: string) =>
  new AppError(
    'forbidden',
    `The policy wants somebody else to approve what lets agents do more, so ${name} stays retired. ` +
      'Hire another agent into its role under another name: that waits for approval.',
  );

function personOnly({ type }: ActorContext['actor']): void {
  if (type !== 'user') throw new AppError('forbidden', 'Only a person can retire or reinstate an agent.');
}

async function found(tx: OrgTx, { orgId, agentId }: { orgId: string; agentId: string }) {
  const agent = await tx.agent.findUnique({ where: { orgId_id: { orgId, id: agentId } } });
  if (!agent) throw new AppError('not_found', 'There is no such agent in this org.');
  return agent;
}

type Ending = { orgId: string; agentId: string; now: Date };

/** What wakes each open run, so that a worker takes it and ends it; one that is held ends with its next heartbeat. */
async function endRuns(tx: OrgTx, { orgId, agentId, now }: Ending): Promise<BusEvent[][]> {
  const open = await tx.run.findMany({
    where: { orgId, agentId, status: { in: ['queued', 'running', 'waiting'] } },
    select: { id: true, stageAttempt: { select: { pipelineRunId: true } } },
  });
  // In one order, as everybody takes these locks.
  open.sort((a, b) => (a.stageAttempt.pipelineRunId < b.stageAttempt.pipelineRunId ? -1 : 1));
  const woken: BusEvent[][] = [];
  for (const { id: runId, stageAttempt } of open) {
    await lockPipelineRun(tx, { orgId, pipelineRunId: stageAttempt.pipelineRunId });
    await wakeRun(tx, { orgId, runId, now });
    woken.push([{ name: 'run/slice-requested', data: { orgId, runId } }]);
  }
  return woken;
}
