import type { EventView, RunView } from '../../server/domain/views/views.ts';
import type { SeenEvent } from './follow-task.ts';

function field(event: EventView, name: string): unknown {
  return (event.payload as Record<string, unknown>)[name];
}

export type ToolCallCount = { started: number; repeated: number; lost: number };

/** Counts from the log alone: intents, those that never finished, and those that ran twice. */
export function countToolCalls(seen: SeenEvent[]): ToolCallCount {
  const events = seen.map(({ event }) => event);
  const started = events.filter(({ kind }) => kind === 'tool.intended');
  const finished = events.filter(({ kind }) => kind === 'tool.finished');
  const times = new Map<string, number>();
  for (const event of finished) {
    const call = `${event.streamId} ${String(field(event, 'callId'))}`;
    times.set(call, (times.get(call) ?? 0) + 1);
  }
  return {
    started: started.length,
    repeated: [...times.values()].filter((count) => count > 1).length,
    lost: finished.filter((event) => field(event, 'outcome') === 'lost').length,
  };
}

export function countDenials(seen: SeenEvent[]): number {
  return seen.filter(({ event }) => {
    if (event.kind !== 'tool.intended') return false;
    return (field(event, 'verdict') as { verdict: string }).verdict !== 'allow';
  }).length;
}

const millis = (from: string, to: string) => new Date(to).getTime() - new Date(from).getTime();

/**
 * Milliseconds from each `run.waiting` to its answer, by the stage attempt they were seen on; where nothing was asked, to the
 * slice that went on. What comes after the answer is work: a sandbox is opened before the slice begins.
 */
function waitingMillis(seen: SeenEvent[]): Map<string, number> {
  const decided = seen.filter(({ event }) => event.kind === 'approval.decided');
  const answers = new Map(decided.map(({ event }) => [field(event, 'approvalId'), event.at]));
  const since = new Map<string, { from: string; until: string | undefined }>();
  const waited = new Map<string, number>();
  for (const { source, event } of seen) {
    const { kind, at } = event;
    if (kind === 'run.waiting') since.set(source, { from: at, until: answers.get(field(event, 'approvalId')) });
    const wait = since.get(source);
    if (kind !== 'slice.started' || wait === undefined) continue;
    since.delete(source);
    waited.set(source, (waited.get(source) ?? 0) + millis(wait.from, wait.until ?? at));
  }
  return waited;
}

type Timed = Pick<RunView, 'stage' | 'attempt' | 'startedAt' | 'endedAt' | 'secondsUsed'>;

/**
 * Seconds that runs waited for people, and how many of them were charged: what a run was charged for beyond the time from its
 * start to its end less the waiting.
 */
export function countWaiting(seen: SeenEvent[], runs: Timed[]): { waitingSeconds: number; chargedWaiting: number } {
  const waited = waitingMillis(seen);
  let chargedWaiting = 0;
  for (const { stage, attempt, startedAt, endedAt, secondsUsed } of runs) {
    if (startedAt === null || endedAt === null) continue;
    const worked = millis(startedAt, endedAt) - (waited.get(`${stage} ${attempt}`) ?? 0);
    chargedWaiting += Math.max(0, secondsUsed - Math.ceil(worked / 1_000));
  }
  const waitingMs = [...waited.values()].reduce((sum, ms) => sum + ms, 0);
  return { waitingSeconds: Math.round(waitingMs / 1_000), chargedWaiting };
}
