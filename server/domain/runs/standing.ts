import { isPipelineRunOver, isStageOver, pipelineRunStatuses, stageStatuses } from '../pipeline/pipeline-state.ts';
import type { PipelineRunStatus, StageStatus } from '../pipeline/pipeline-state.ts';
import { isRunOver, runStatuses, type RunStatus, type Waits } from './run-state.ts';

type Held = { waits: Waits | null; leaseUntil: Date | null; since: Date };

/** A row whose state moves on by itself or by somebody. `since` is when it came into this state. */
export type Work =
  | ({ kind: 'run'; status: RunStatus } & Held)
  | ({ kind: 'stage-attempt'; does: 'agent' | 'check' | 'approval' | 'merge'; status: StageStatus } & Held)
  | ({ kind: 'environment-check'; status: 'queued' | 'running' | 'passed' | 'failed' } & Held)
  | { kind: 'mcp-trial'; status: 'asked' | 'answered'; since: Date }
  | ({ kind: 'pipeline-run'; status: PipelineRunStatus } & Held)
  | {
      kind: 'approval';
      status: 'pending' | 'approved' | 'denied' | 'expired' | 'voided';
      expiresAt: Date;
      since: Date;
    };

/** Where a row stands: over, or waiting for something that something wakes. `stale`: nobody holds it, the sweep must act. */
export type Standing = { over: true } | { over: false; stale: boolean; waits: Waits };

/** Every status of every kind of work, for whoever walks them all. */
export const workStatuses = {
  run: runStatuses,
  'stage-attempt': stageStatuses,
  'environment-check': ['queued', 'running', 'passed', 'failed'],
  'mcp-trial': ['asked', 'answered'],
  'pipeline-run': pipelineRunStatuses,
  approval: ['pending', 'approved', 'denied', 'expired', 'voided'],
} as const;

/** A pipeline run that is advanced has its next step within this; later nobody is on it. */
const advanceMs = 5_000;
/** A server is tried within this, unless its repo is set up for the first time; asking once more does no harm. */
const trialMs = 5 * 60_000;

/** The verdict on one row at `now`, which is the database's time. Pure: the sweep acts on it, pages show it. */
export function standingOf(work: Work, now: Date): Standing {
  switch (work.kind) {
    case 'run':
      return isRunOver(work.status) ? { over: true } : held(work, work.status, { now, what: 'a worker' });
    case 'stage-attempt':
      return stageStanding(work, now);
    case 'environment-check':
      if (work.status === 'passed' || work.status === 'failed') return { over: true };
      return held(work, work.status, { now, what: 'a worker' });
    case 'mcp-trial':
      return work.status === 'answered' ? { over: true } : trialStanding(work, now);
    case 'pipeline-run':
      return pipelineStanding(work, now);
    case 'approval': {
      if (work.status !== 'pending') return { over: true };
      const since = work.since.toISOString();
      const waits = { for: 'a person to decide', since, wakes: 'a person decides, or its deadline passes', ref: null };
      return { over: false, stale: work.expiresAt <= now, waits };
    }
  }
}

const sweeps = 'the sweep, within a minute';

function trialStanding({ since }: { since: Date }, now: Date): Standing {
  const wakes = `a worker tries it, or ${sweeps} after five minutes`;
  const waits = { for: 'a worker to try it', since: since.toISOString(), wakes, ref: null };
  return { over: false, stale: since.getTime() < now.getTime() - trialMs, waits };
}

type Open = 'queued' | 'running' | 'waiting';

/** Work that a lease holds while it runs. */
function held(work: Held, status: string, { now, what }: { now: Date; what: string }): Standing {
  const since = work.since.toISOString();
  switch (status as Open) {
    case 'queued': {
      const due = work.waits?.until === undefined || new Date(work.waits.until) <= now;
      const waits = work.waits ?? { for: what, since, wakes: `${what} takes it, or ${sweeps}`, ref: null };
      return { over: false, stale: due, waits };
    }
    case 'running': {
      const stale = work.leaseUntil === null || work.leaseUntil < now;
      const wakes = stale ? `the next worker, by ${sweeps}` : `its worker, or ${sweeps} after its lease ends`;
      return {
        over: false,
        stale,
        waits: { for: stale ? 'another worker' : 'its worker to finish', since, wakes, ref: null },
      };
    }
    case 'waiting': {
      const waits = work.waits ?? { for: 'a person', since, wakes: 'a person decides or resumes it', ref: null };
      return { over: false, stale: false, waits };
    }
  }
}

function stageStanding(work: Extract<Work, { kind: 'stage-attempt' }>, now: Date): Standing {
  if (isStageOver(work.status)) return { over: true };
  if (work.does === 'check' || work.does === 'merge') return held(work, work.status, { now, what: 'a worker' });
  const since = work.since.toISOString();
  const [subject, wakes] =
    work.does === 'agent' ? ['its run', 'its run ends or waits'] : ['a person to decide', 'a person decides'];
  return { over: false, stale: false, waits: work.waits ?? { for: subject, since, wakes, ref: null } };
}

function pipelineStanding(work: Extract<Work, { kind: 'pipeline-run' }>, now: Date): Standing {
  if (isPipelineRunOver(work.status)) return { over: true };
  const since = work.since.toISOString();
  const waits = work.waits ?? { for: 'its stage to end', since, wakes: `its stage ends, or ${sweeps}`, ref: null };
  return { over: false, stale: work.waits === null && work.since.getTime() < now.getTime() - advanceMs, waits };
}
