import type { EventView } from '../../server/domain/views/views.ts';
import { appendEvents, emptyTimeline, type Timeline } from './timeline.ts';

/** What a page holds of a run's log: a stretch of events that follow each other, and what is said of the run as a whole. */
export type RunLog = {
  /** Commits, jobs, the plan and the end, of the whole run; `lastSeq` is the last event there is. */
  facts: Timeline;
  /** Those from the first to the last of the stretch. */
  shown: Timeline;
  events: readonly EventView[];
  /** The latest events that came live, which may lie beyond the stretch. */
  recent: readonly EventView[];
  /** The last event that the digest or the stream told of: a page may know of later ones, which still come live. */
  heard: number;
};

export const emptyLog: RunLog = { facts: emptyTimeline, shown: emptyTimeline, events: [], recent: [], heard: 0 };

type Page = { events: readonly EventView[]; headSeq: number };
export type LogAction =
  | ({ type: 'digest' } & Page)
  | ({ type: 'page'; join: 'replace' | 'older' | 'newer' } & Page)
  /** `following`: the end is in sight, so that the beginning may go. */
  | { type: 'live'; events: readonly EventView[]; following: boolean };

/** A stretch is cut to `kept` events once it has more than `most`: a page of any run stays small. */
const most = 1_600;
const kept = 800;
const wholeKinds = new Set(['run.started', 'plan.updated', 'commit.recorded', 'job.started', 'job.ended', 'run.ended']);

export const firstOf = ({ events }: RunLog): number => events[0]?.seq ?? 0;
export const lastOf = ({ events }: RunLog): number => events.at(-1)?.seq ?? 0;
/** Whether the stretch ends where the log does. */
export const isAtEnd = (log: RunLog): boolean => lastOf(log) >= log.facts.lastSeq;

export function reduceLog(log: RunLog, action: LogAction): RunLog {
  if (action.type === 'digest') {
    const heard = Math.max(log.heard, action.headSeq);
    return { ...log, heard, facts: addFacts(log.facts, action.events, { told: log.heard, headSeq: action.headSeq }) };
  }
  if (action.type === 'page') return addPage(log, action);
  const fresh = action.events.filter(({ seq }) => seq > log.heard);
  const head = fresh.at(-1)?.seq;
  if (head === undefined) return log;
  const facts = addFacts(log.facts, fresh, { told: log.heard, headSeq: head });
  const next = { ...log, heard: head, facts, recent: [...log.recent, ...fresh].slice(-kept) };
  return goOn(next, action.following);
}

type Heard = { told: number; headSeq: number };

/** `told`: up to which event the facts are complete already. */
function addFacts(facts: Timeline, events: readonly EventView[], { told, headSeq }: Heard): Timeline {
  const next = appendEvents(
    { ...facts, lastSeq: told },
    events.filter(({ kind }) => wholeKinds.has(kind)),
  );
  return { ...next, lastSeq: Math.max(facts.lastSeq, headSeq) };
}

function addPage(log: RunLog, { events, headSeq, join }: Extract<LogAction, { type: 'page' }>): RunLog {
  const facts = { ...log.facts, lastSeq: Math.max(log.facts.lastSeq, headSeq) };
  const next = { ...log, facts };
  if (join === 'older') {
    const older = events.filter(({ seq }) => seq < firstOf(log));
    // Another stretch was gone to meanwhile.
    if (older.at(-1)?.seq !== firstOf(log) - 1) return next;
    return show(next, fromFront([...older, ...log.events]));
  }
  if (join === 'newer') {
    const newer = events.filter(({ seq }) => seq > lastOf(log));
    if (newer[0]?.seq !== lastOf(log) + 1) return next;
    return show(next, ending(next, fromEnd([...log.events, ...newer])));
  }
  return show(next, ending(next, events));
}

/** A stretch with what came live after it, where that is at hand, and else without a turn of which there is more. */
function ending({ recent, facts }: RunLog, events: readonly EventView[]): readonly EventView[] {
  const last = events.at(-1)?.seq ?? 0;
  const fresh = recent.filter(({ seq }) => seq > last);
  return withoutHalfTurn(fresh[0]?.seq === last + 1 ? [...events, ...fresh] : events, facts.lastSeq);
}

/** Adds what came live where the stretch reaches up to it. */
function goOn(log: RunLog, following: boolean): RunLog {
  const end = lastOf(log);
  const fresh = log.recent.filter(({ seq }) => seq > end);
  if (fresh[0]?.seq !== end + 1) return log;
  const events = [...log.events, ...fresh];
  if (events.length <= most) return { ...log, events, shown: appendEvents(log.shown, fresh) };
  return following ? show(log, fromEnd(events)) : log;
}

function show(log: RunLog, events: readonly EventView[]): RunLog {
  return { ...log, events, shown: appendEvents(emptyTimeline, events) };
}

const beginsTurn = ({ kind, payload }: EventView) =>
  kind === 'model.called' && (payload as { purpose?: string }).purpose === undefined;

/** A turn of which more is to come would look as if it was still at work. */
function withoutHalfTurn(events: readonly EventView[], headSeq: number): readonly EventView[] {
  if ((events.at(-1)?.seq ?? headSeq) >= headSeq) return events;
  const cut = events.findLastIndex(beginsTurn);
  return cut > 0 ? events.slice(0, cut) : events;
}

function fromFront(events: readonly EventView[]): readonly EventView[] {
  if (events.length <= most) return events;
  return withoutHalfTurn(events.slice(0, kept), Infinity);
}

function fromEnd(events: readonly EventView[]): readonly EventView[] {
  if (events.length <= most) return events;
  const least = events.length - kept;
  const cut = events.findIndex((event, index) => index >= least && beginsTurn(event));
  return events.slice(cut < 0 ? least : cut);
}

/** The index of the item that an event belongs to: the last that begins at or before it. */
export function itemAt({ items }: Timeline, seq: number): number {
  return items.findLastIndex((item) => item.seq <= seq);
}

/** The turn under way when an event happened; null before the first that is shown. */
export function turnAt({ items }: Timeline, seq: number): number | null {
  const turn = items.findLast((item) => item.type === 'turn' && item.seq <= seq);
  return turn?.type === 'turn' ? turn.turn : null;
}
