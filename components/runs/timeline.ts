import type { RunEvent, RunEventKind, RunEventPayload } from '../../server/domain/events/run-events.ts';
import type { PlanItem } from '../../server/domain/runs/plan.ts';
import type { EventView } from '../../server/domain/views/views.ts';

export type ToolResult = RunEventPayload<'tool.finished'>;
export type ToolCall = RunEventPayload<'tool.intended'> & { at: string; result: ToolResult | null };
export type JobItem = RunEventPayload<'job.started'> & { at: string; end: RunEventPayload<'job.ended'> | null };
export type TurnItem = {
  type: 'turn';
  key: string;
  /** Its first event. */
  seq: number;
  turn: number;
  at: string;
  reply: RunEventPayload<'model.replied'> | null;
  failures: RunEventPayload<'model.failed'>[];
  calls: ToolCall[];
  /** The work tree as the turn left it; null where it was not kept. */
  tree: RunEventPayload<'workspace.snapshotted'> | null;
};

const noteKinds = [
  'message.added',
  'model.switched',
  'context.cleared',
  'context.compacted',
  'run.forked',
  'run.waiting',
  'run.resumed',
  'commit.recorded',
  'network.requested',
  'run.handed-off',
  'run.ended',
  'scope.granted',
  'budget.raised',
  'job.ended',
  'summary.rejected',
  'rules.read',
  'environment.probed',
  'action.judged',
  'policy.changed',
  'work.restored',
] as const;
type NoteKind = (typeof noteKinds)[number];
type Lost = { kind: 'slice.started'; payload: RunEventPayload<'slice.started'> };
export type NoteEvent = Extract<RunEvent, { kind: NoteKind }> | Lost;
export type NoteItem = { type: 'note'; key: string; seq: number; at: string; event: NoteEvent };

/** A run as a page shows it: what its events say, grouped by turn, in the order they happened. */
export type Timeline = {
  lastSeq: number;
  started: RunEventPayload<'run.started'> | null;
  items: (TurnItem | NoteItem)[];
  commits: (RunEventPayload<'commit.recorded'> & { at: string })[];
  /** Background jobs in the order of their starts. */
  jobs: JobItem[];
  /** The agent's plan as it last wrote it. */
  plan: PlanItem[];
  over: boolean;
};

export const emptyTimeline: Timeline = {
  lastSeq: 0,
  started: null,
  items: [],
  commits: [],
  plan: [],
  jobs: [],
  over: false,
};

/** Adds events that follow the last one seen; those seen before are passed over. Items that did not change stay the same objects. */
export function appendEvents(timeline: Timeline, events: readonly EventView[]): Timeline {
  const fresh = events.filter((event) => event.seq > timeline.lastSeq);
  if (fresh.length === 0) return timeline;
  const next: Timeline = { ...timeline, items: [...timeline.items], commits: [...timeline.commits] };
  for (const view of fresh) {
    if (view.seq <= next.lastSeq) continue;
    next.lastSeq = view.seq;
    apply(next, { kind: view.kind, payload: view.payload } as RunEvent, view);
  }
  return next;
}

type TurnChange<K extends RunEventKind> = (turn: TurnItem, payload: RunEventPayload<K>, at: string) => TurnItem;

/** What events that carry a turn's number change in it. */
const turnChanges: { [K in RunEventKind]?: TurnChange<K> } = {
  'model.called': (turn) => turn,
  'model.replied': (turn, reply) => ({ ...turn, reply }),
  'model.failed': (turn, failure) => ({ ...turn, failures: [...turn.failures, failure] }),
  'tool.intended': (turn, call, at) => ({ ...turn, calls: [...turn.calls, { ...call, at, result: null }] }),
  'tool.finished': (turn, result) => ({ ...turn, calls: settle(turn.calls, result) }),
  'workspace.snapshotted': (turn, tree) => ({ ...turn, tree }),
};

function apply(next: Timeline, event: RunEvent, { at, seq }: EventView): void {
  // The note that follows tells of it.
  if (event.kind === 'model.called' && event.payload.purpose === 'compaction') return;
  const change = turnChanges[event.kind] as TurnChange<typeof event.kind> | undefined;
  if (change && 'turn' in event.payload) {
    const { turn } = event.payload;
    return changeTurn(next, { turn, at, seq }, (item) => change(item, event.payload as never, at));
  }
  switch (event.kind) {
    case 'run.started':
      next.started = event.payload;
      return;
    case 'plan.updated':
      next.plan = event.payload.items;
      return;
    case 'job.started':
      next.jobs = [...next.jobs, { ...event.payload, at, end: null }];
      return;
    case 'job.ended':
      next.jobs = next.jobs.map((job) => (job.jobId === event.payload.jobId ? { ...job, end: event.payload } : job));
      // What the agent stopped itself stands in its call.
      return event.payload.by === 'agent' ? undefined : addNote(next, event, { at, seq });
    default:
      return isNote(event) ? addNote(next, event, { at, seq }) : undefined;
  }
}

function isNote(event: RunEvent): event is NoteEvent {
  return event.kind === 'slice.started' || (noteKinds as readonly RunEventKind[]).includes(event.kind);
}

function settle(calls: readonly ToolCall[], result: ToolResult): ToolCall[] {
  return calls.map((call) => (call.callId === result.callId ? { ...call, result } : call));
}

function changeTurn(
  next: Timeline,
  where: Pick<TurnItem, 'turn' | 'at' | 'seq'>,
  change: (turn: TurnItem) => TurnItem,
): void {
  const index = next.items.findLastIndex((item) => item.type === 'turn' && item.turn === where.turn);
  const item = next.items[index];
  if (item?.type === 'turn') {
    next.items[index] = change(item);
    return;
  }
  const none = { reply: null, failures: [], calls: [], tree: null };
  next.items.push(change({ type: 'turn', key: `turn-${where.turn}`, ...where, ...none }));
}

function addNote(next: Timeline, event: NoteEvent, { at, seq }: { at: string; seq: number }): void {
  if (event.kind === 'run.ended') next.over = true;
  if (event.kind === 'commit.recorded') next.commits.push({ ...event.payload, at });
  // A slice that lost nothing is how every run goes on; only a loss is news.
  if (event.kind === 'slice.started' && event.payload.lostCalls.length === 0) return;
  next.items.push({ type: 'note', key: `note-${seq}`, seq, at, event });
}
