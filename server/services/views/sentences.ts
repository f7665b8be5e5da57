import type { StageOutcome } from '../../domain/pipeline/stage-outcome.ts';
import type { StageStatus } from '../../domain/pipeline/pipeline-state.ts';
import type { RunOutcome, RunStatus, Waits } from '../../domain/runs/run-state.ts';

type Stage = {
  kind: 'agent' | 'check' | 'approval' | 'merge';
  status: StageStatus;
  agent: string | null;
  waits: Waits | null;
  outcome: StageOutcome | null;
};

const atWork = {
  agent: 'An agent is at work',
  check: 'Running the tests in a clean sandbox',
  approval: 'Waiting for a person to decide',
  merge: 'Testing the merge result, then pushing it',
} as const satisfies Record<Stage['kind'], string>;

const queued = {
  agent: 'Waiting for a worker',
  check: 'Waiting for a worker to run the tests',
  approval: 'Waiting for a person to decide',
  merge: 'Waiting for a worker to merge',
} as const satisfies Record<Stage['kind'], string>;

const decided = { approved: 'Approved', denied: 'Denied', voided: 'Voided' } as const;

/** The state of one stage attempt as a sentence without its full stop. */
export function stageSentence(stage: Stage): string {
  if (stage.outcome !== null) return outcomeSentence(stage.outcome);
  if (stage.waits !== null) return waitingFor(stage.waits);
  switch (stage.status) {
    case 'queued':
      return queued[stage.kind];
    case 'running':
    case 'waiting':
      return stage.kind === 'agent' && stage.agent !== null ? `${stage.agent} is at work` : atWork[stage.kind];
    case 'passed':
      return 'Passed';
    case 'failed':
      return 'Failed';
    case 'stopped':
      return 'Stopped';
  }
}

function outcomeSentence(outcome: StageOutcome): string {
  switch (outcome.kind) {
    case 'agent':
      if (outcome.review !== null) {
        return outcome.review.verdict === 'approve' ? 'Approved the commit' : 'Asked for changes';
      }
      return outcome.reason === 'handed_off' ? 'Handed off its commit' : outcome.detail;
    case 'check':
    case 'merge':
      return outcome.detail;
    case 'approval':
      return outcome.reason === '' ? decided[outcome.decision] : `${decided[outcome.decision]}: ${outcome.reason}`;
  }
}

export function waitingFor(waits: Waits): string {
  return `Waiting for ${waits.for}`;
}

type RunFacts = { status: RunStatus; agent: string; started: boolean; waits: Waits | null; outcome: RunOutcome | null };

/** The state of one run as a sentence. Between two slices a run is queued and still at work. */
export function runSentence({ status, agent, started, waits, outcome }: RunFacts): string {
  if (outcome !== null) return outcome.detail;
  if (status === 'waiting' || (status === 'queued' && (!started || waits !== null))) {
    return waits === null ? 'Waiting for a worker' : waitingFor(waits);
  }
  return `${agent} is at work`;
}
