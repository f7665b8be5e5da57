import type { BusEvent } from '../../../inngest/bus/events.ts';
import type { OrgTx } from '../../db/connect.ts';
import type { Waits } from '../../domain/runs/run-state.ts';
import { findStop } from './find-stop.ts';

type Asking = { runId: string; agent: { orgId: string; id: string; name: string; maxRuns: number }; now: Date };

const wakes = (whose: string) =>
  `another run of ${whose} ends or waits for a person, or the next sweep, within a minute`;

/**
 * What a run waits for where its agent, or its org, has as many runs at work as it may; null where there is a place. A run
 * that a person wants stopped needs none: it is only taken to be ended.
 */
export async function placeToWaitFor(tx: OrgTx, { runId, agent, now }: Asking): Promise<Waits | null> {
  const { orgId, id: agentId, name } = agent;
  if (await findStop(tx, { orgId, runId })) return null;
  const since = now.toISOString();
  const working = { orgId, status: 'running' as const, leaseUntil: { gte: now } };
  // The row locks, agent before org: of two claims at once, the second counts the first.
  await tx.agent.updateMany({ where: { orgId, id: agentId }, data: { maxRuns: { increment: 0 } } });
  const ofAgent = await tx.run.count({ where: { ...working, agentId } });
  if (ofAgent >= agent.maxRuns) {
    const place = `a place: ${ofAgent} of ${agent.maxRuns} runs of the agent ${name} are being worked on`;
    return { for: place, since, wakes: wakes('the agent'), ref: agentId };
  }
  await tx.org.updateMany({ where: { id: orgId }, data: { maxRuns: { increment: 0 } } });
  const { maxRuns } = await tx.org.findUniqueOrThrow({ where: { id: orgId }, select: { maxRuns: true } });
  const ofOrg = await tx.run.count({ where: working });
  if (ofOrg < maxRuns) return null;
  const place = `a place: ${ofOrg} of ${maxRuns} runs of this org are being worked on`;
  return { for: place, since, wakes: wakes('the org'), ref: orgId };
}

/** The runs that have waited longest for a place of this agent and of its org: one each, now that a place is free. */
export async function nextForPlace(
  tx: OrgTx,
  { orgId, agentId }: { orgId: string; agentId: string },
): Promise<string[]> {
  const found: string[] = [];
  for (const ref of [agentId, orgId]) {
    const next = await tx.run.findFirst({
      where: { orgId, status: 'queued', waits: { path: ['ref'], equals: ref } },
      orderBy: { id: 'asc' },
      select: { id: true },
    });
    if (next) found.push(next.id);
  }
  return found;
}

export function sliceOf(orgId: string, runId: string): BusEvent {
  return { name: 'run/slice-requested', data: { orgId, runId } };
}
