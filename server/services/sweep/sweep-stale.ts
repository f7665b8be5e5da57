import type { Bus, BusEvent } from '../../../inngest/bus/events.ts';
import type { Database, StaleWork } from '../../db/connect.ts';
import { standingOf } from '../../domain/runs/standing.ts';
import { readWork } from './read-work.ts';
import { expireApproval } from '../approvals/expire-approval.ts';

export type Swept = { sent: number; expired: number };

type Sweeping = { database: Database; bus: Bus; now: Date; report: (error: unknown, where: string) => void };

/**
 * Finds the work over all orgs that nobody holds and sends its events again: what a crash between a commit and its message
 * left behind. Approvals past their deadline are asked anew.
 */
export async function sweepStale({ database, bus, now, report }: Sweeping): Promise<Swept> {
  const stale = await database.staleWork(now);
  /** One org's bad row must not keep the others' work lying. */
  const each = async <T>({ orgId, kind, id }: StaleWork, doing: () => Promise<T>): Promise<T | null> => {
    try {
      return await doing();
    } catch (error) {
      report(error, `sweep of ${kind} ${id} of ${orgId}`);
      return null;
    }
  };
  const events: BusEvent[] = [];
  for (const work of stale.filter(({ kind }) => kind !== 'approval')) {
    const event = await each(work, () => eventFor(database, work, now));
    if (event) events.push(event);
  }
  if (events.length > 0) await bus.send(events);
  let expired = 0;
  for (const work of stale.filter(({ kind }) => kind === 'approval')) {
    const { orgId, id: approvalId } = work;
    const done = await each(work, async () => {
      await expireApproval({ database, orgId, now }, { approvalId });
      return true;
    });
    if (done) expired += 1;
  }
  return { sent: events.length, expired };
}

/** What wakes a row that nobody holds; null where the verdict on it, read anew, is that somebody does. */
async function eventFor(database: Database, { orgId, kind, id }: StaleWork, now: Date): Promise<BusEvent | null> {
  const work = await readWork(database.org(orgId), { orgId, kind, id });
  const standing = work && standingOf(work, now);
  if (!standing || standing.over || !standing.stale) return null;
  switch (kind) {
    case 'run':
      return { name: 'run/slice-requested', data: { orgId, runId: id } };
    case 'environment-check':
      return { name: 'environment/check-requested', data: { orgId, environmentCheckId: id } };
    case 'mcp-trial':
      return trialEvent(database, orgId, id);
    case 'pipeline-run':
      return requestAdvance(orgId, id);
    default:
      return attemptEvent(database, orgId, id);
  }
}

async function trialEvent(database: Database, orgId: string, serverId: string): Promise<BusEvent | null> {
  const row = await database.org(orgId).mcpServer.findUnique({ where: { orgId_id: { orgId, id: serverId } } });
  const repoId = row?.askedRepoId ?? null;
  return repoId === null ? null : { name: 'mcp-server/try-requested', data: { orgId, serverId, repoId } };
}

async function attemptEvent(database: Database, orgId: string, id: string): Promise<BusEvent | null> {
  const attempt = await database.org(orgId).stageAttempt.findUnique({ where: { orgId_id: { orgId, id } } });
  if (attempt?.kind === 'check') return { name: 'check/requested', data: { orgId, stageAttemptId: id } };
  if (attempt?.kind === 'merge') return { name: 'merge/requested', data: { orgId, stageAttemptId: id } };
  return attempt && requestAdvance(orgId, attempt.pipelineRunId);
}

function requestAdvance(orgId: string, pipelineRunId: string): BusEvent {
  return { name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } };
}
