import { dice } from '../../server/domain/dice.ts';
import type { SeenEvent } from './follow-task.ts';

export type Kill = { at: string; due: (seen: SeenEvent[]) => boolean };

const writes = new Set(['create', 'replace', 'insert']);
const isTool = ({ event }: SeenEvent, kind: string) => event.kind === kind;
const field = ({ event }: SeenEvent, name: string) => (event.payload as Record<string, unknown>)[name];

/** The three moments at which story *crash* kills web, worker and engine, each read off the events themselves. */
export const namedKills: Kill[] = [
  {
    at: 'after the developer’s second write',
    due: (seen) =>
      seen.filter((one) => isTool(one, 'tool.finished') && writes.has(String(field(one, 'tool')))).length >= 2,
  },
  {
    at: 'during `npm test`',
    due: (seen) => {
      const started = seen.filter(
        (one) => isTool(one, 'tool.intended') && JSON.stringify(field(one, 'input')).includes('npm test'),
      );
      const last = started.at(2);
      return (
        last !== undefined &&
        !seen.some((one) => isTool(one, 'tool.finished') && field(one, 'callId') === field(last, 'callId'))
      );
    },
  },
  {
    at: 'between approval and push',
    due: (seen) => seen.some((one) => one.event.kind === 'approval.decided' && one.event.seq > mergeAsked(seen)),
  },
];

function mergeAsked(seen: SeenEvent[]): number {
  const asked = seen.find((one) => one.event.kind === 'approval.requested' && field(one, 'approvalKind') === 'merge');
  return asked?.event.seq ?? Number.POSITIVE_INFINITY;
}

/** Three moments drawn from the seed: after the n-th event seen, of the about 150 that the sample task makes. */
export function seededKills(seed: number): Kill[] {
  const draw = dice(seed);
  const moments = [0, 1, 2].map(() => 1 + Math.floor(draw() * 140)).toSorted((a, b) => a - b);
  return moments.map((moment) => ({ at: `after event ${moment}`, due: (seen) => seen.length >= moment }));
}

type Watched = { kills: Kill[]; pids: () => Record<string, number>; say: (line: string) => void };

/** Returns a watcher that `kill -9`s web, worker and engine once at each moment, in order, and says so. */
export function crashWatcher({ kills, pids, say }: Watched) {
  const seen: SeenEvent[] = [];
  const left = [...kills];
  const done: string[] = [];
  return {
    killed: done,
    see(event: SeenEvent) {
      seen.push(event);
      const next = left[0];
      if (!next?.due(seen)) return;
      left.shift();
      const victims = Object.entries(pids()).filter(([name]) => name !== 'PostgreSQL');
      say(`kill -9 of ${victims.map(([name]) => name).join(', ')} ${next.at}`);
      for (const [, pid] of victims) process.kill(pid, 'SIGKILL');
      done.push(next.at);
    },
  };
}
