import type { BusEvent } from '../../../inngest/bus/events.ts';
import type { OrgTx } from '../../db/connect.ts';
import { Prisma } from '../../db/generated/client.ts';
import { nextStep } from '../../domain/pipeline/next-step.ts';
import type { NextStep } from '../../domain/pipeline/pipeline-history.ts';
import {
  isPipelineRunOver,
  pipelineRunStatuses,
  type PipelineRunStatus,
} from '../../domain/pipeline/pipeline-state.ts';
import type { Waits } from '../../domain/runs/run-state.ts';
import { endPipelineRun } from './end-pipeline-run.ts';
import { escalateAttempt } from './escalate-attempt.ts';
import { readHistory } from './read-history.ts';
import { settleAttempt } from './settle-attempt.ts';
import { startAttempt } from './start-attempt.ts';
import type { ModelOffer, WorkContext } from './work-context.ts';
import { sendAfterCommit } from './send-after-commit.ts';

export type Advanced = { over: boolean };

const open = pipelineRunStatuses.filter((status) => !isPipelineRunOver(status));

/**
 * Moves a pipeline run on by one step, if there is one: settles the open attempt, asks `nextStep`, acts on it, and sends
 * bus events once that is committed. Safe to call at any time, by anybody, at once.
 */
export async function advancePipelineRun(
  context: WorkContext & { offer: ModelOffer },
  { pipelineRunId }: { pipelineRunId: string },
): Promise<Advanced> {
  const { database, orgId, now, bus, offer } = context;
  const advanced = await database.transaction(orgId, async (tx) => {
    // The row lock: whoever comes second sees what the first one did.
    const locked = await tx.pipelineRun.updateMany({
      where: { orgId, id: pipelineRunId, status: { in: open } },
      data: { updatedAt: now },
    });
    if (locked.count === 0) return { over: true, events: [] };
    await settleAttempt(tx, { orgId, now, pipelineRunId });
    const step = nextStep(await readHistory(tx, { orgId, pipelineRunId }));
    return act(tx, step, { orgId, now, offer, pipelineRunId });
  });
  await sendAfterCommit(bus, advanced.events);
  return { over: advanced.over };
}

type Acting = { orgId: string; now: Date; offer: ModelOffer; pipelineRunId: string };

async function act(tx: OrgTx, step: NextStep, acting: Acting): Promise<{ over: boolean; events: BusEvent[] }> {
  const { orgId, now, pipelineRunId } = acting;
  switch (step.do) {
    case 'wait':
      return { over: false, events: [] };
    case 'start': {
      const { waits, events } = await startAttempt(tx, { ...acting, ...step });
      await move(tx, acting, { status: waits ? 'waiting' : 'running', waits });
      return { over: false, events };
    }
    case 'escalate': {
      const waits = await escalateAttempt(tx, { orgId, now, pipelineRunId, ...step });
      await move(tx, acting, { status: 'waiting', waits });
      return { over: false, events: [] };
    }
    case 'end': {
      const { status, outcome } = step;
      await endPipelineRun(tx, { orgId, now, pipelineRunId, status, outcome });
      return { over: true, events: [] };
    }
  }
}

async function move(tx: OrgTx, acting: Acting, to: { status: PipelineRunStatus; waits: Waits | null }): Promise<void> {
  const { orgId, now, pipelineRunId } = acting;
  await tx.pipelineRun.updateMany({
    where: { orgId, id: pipelineRunId, status: { in: open } },
    data: { status: to.status, waits: to.waits ?? Prisma.DbNull, updatedAt: now },
  });
}
