import type { RunEventKind } from '../events/run-events.ts';

/** What can be kept for a time only, and what each of it is. */
export const retentionKinds = {
  outputs: 'What tools were asked and what they answered, with whole outputs and images',
  transcripts: 'What agents, people and the platform said in runs: prompts, replies, plans, summaries',
  records:
    'What was done around the runs: tasks, members, settings, network requests. The operator sets how long these stay at least',
} as const;
export type RetentionKind = keyof typeof retentionKinds;
export const retentionKindNames = Object.keys(retentionKinds) as RetentionKind[];

export const isRetentionKind = (name: string): name is RetentionKind => Object.hasOwn(retentionKinds, name);

/** Which events of runs are of which kind; null: numbers and ids alone, which stay. */
const ofRuns: Record<RunEventKind, RetentionKind | null> = {
  'tool.intended': 'outputs',
  'tool.finished': 'outputs',
  'job.started': 'outputs',
  'job.ended': 'outputs',
  'environment.probed': 'outputs',
  'run.started': 'transcripts',
  'message.added': 'transcripts',
  'rules.read': 'transcripts',
  'model.replied': 'transcripts',
  'model.failed': 'transcripts',
  'context.cleared': 'transcripts',
  'context.compacted': 'transcripts',
  'summary.rejected': 'transcripts',
  'plan.updated': 'transcripts',
  'run.waiting': 'transcripts',
  'run.resumed': 'transcripts',
  'run.reported': 'transcripts',
  'run.handed-off': 'transcripts',
  'network.requested': 'records',
  'action.judged': 'records',
  'work.restored': 'records',
  'scope.granted': 'records',
  'run.forked': null,
  'sandbox.opened': null,
  'slice.started': null,
  'model.called': null,
  'model.switched': null,
  'budget.raised': null,
  'policy.changed': null,
  'commit.recorded': null,
  'workspace.snapshotted': null,
  'run.ended': null,
};

/** Events of runs of that kind; `org`: those of the org's own log too, as far as they may be erased. */
export function eventsOf(kind: RetentionKind): { run: string[]; org: boolean } {
  const run = Object.entries(ofRuns).flatMap(([name, of]) => (of === kind ? [name] : []));
  return { run, org: kind === 'records' };
}

const dayMs = 86_400_000;

/** What is older goes. */
export function goesBefore(
  kind: RetentionKind,
  { days, floor, now }: { days: number; floor: number; now: Date },
): Date {
  return new Date(now.getTime() - (kind === 'records' ? Math.max(days, floor) : days) * dayMs);
}
