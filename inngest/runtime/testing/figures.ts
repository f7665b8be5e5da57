import type { Observed } from './invariants.ts';
import { idleSpans, millisAtLastClaim, workedSpans } from './lease-log.ts';
import { tracedTooOften } from './trace.ts';

/** What a drill came to, counted in what was observed from outside. */
type DrillFigures = {
  runs: number;
  runsNotEnded: number;
  events: number;
  eventsMissing: number;
  eventsDoubled: number;
  toolCalls: number;
  effectsSeen: number;
  effectsTwice: number;
  kills: number;
  /** Of these, with a run in the hands of whom was killed. */
  killsAtWork: number;
  heldMs: number;
  /** The longest that a run went on beyond its limit. */
  stoppedLateMs: number;
  waitedMs: number;
  waitingChargedMs: number;
  chargedMs: number;
  limitMs: number;
  overLimitMs: number;
  overspentMicros: number;
  commitsTooMany: number;
};

export function figuresOf(seen: Observed): DrillFigures {
  const { runs, events, accounts, traces, leases, killedAt, handoffs, commits } = seen;
  const places = new Set(events.map(({ runId, seq }) => `${runId} ${seq}`));
  const last = runs.map(({ id }) => Math.max(0, ...events.filter(({ runId }) => runId === id).map(({ seq }) => seq)));
  const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
  return {
    runs: runs.length,
    runsNotEnded: runs.filter(({ status }) => ['queued', 'running', 'waiting'].includes(status)).length,
    events: events.length,
    eventsMissing: sum(last) - places.size,
    eventsDoubled: events.length - places.size,
    toolCalls: events.filter(({ kind }) => kind === 'tool.intended').length,
    effectsSeen: traces.length,
    effectsTwice: tracedTooOften(seen).length,
    kills: killedAt.length,
    killsAtWork: workedSpans(seen).filter(({ killed }) => killed).length,
    heldMs: sum(workedSpans(seen).map(({ from, to }) => Math.round(to - from))),
    waitedMs: sum(idleSpans(leases).map(({ ms }) => Math.round(ms))),
    waitingChargedMs: sum(idleSpans(leases).map(({ charged }) => charged)),
    stoppedLateMs: Math.max(
      0,
      ...runs.map(({ id, millisUsed, secondsLimit }) => {
        return millisUsed - Math.max(secondsLimit * 1_000, millisAtLastClaim(leases, id));
      }),
    ),
    chargedMs: sum(runs.map(({ millisUsed }) => millisUsed)),
    limitMs: sum(runs.map(({ secondsLimit }) => secondsLimit * 1_000)),
    overLimitMs: sum(runs.map(({ millisUsed, secondsLimit }) => Math.max(0, millisUsed - secondsLimit * 1_000))),
    overspentMicros: sum(
      accounts.map(({ limit, used, reserved }) => (limit === null ? 0 : Math.max(0, used + reserved - limit))),
    ),
    commitsTooMany: commits - handoffs,
  };
}
