import { cacheServer } from '../cache/cache-server.ts';
import type { Judged } from '../cache/judge.ts';
import { stories, trajectory, type Story } from '../cache/trajectory.ts';
import type { FigureResult, FigureRow } from '../figures.ts';

const seed = 20261128;
const wanted = 10_000;
const fewestTurns = 30;

const nothing: Judged = { calls: 0, read: 0, prompt: 0, cost: 0, optimum: 0, plannedBreaks: 0, avoidableBreaks: 0 };

function plus(one: Judged, other: Judged): Judged {
  const keys = Object.keys(nothing) as (keyof Judged)[];
  return Object.fromEntries(keys.map((key) => [key, one[key] + other[key]])) as Judged;
}

const share = ({ read, prompt }: Judged) => read / prompt;
const dear = ({ cost, optimum }: Judged) => cost / optimum;

/** Runs of 30 to 90 turns, a story each in turn, until the provider has seen that many calls. */
async function measureCache(calls: number): Promise<Record<Story, Judged>> {
  const server = await cacheServer();
  const told = Object.fromEntries(stories.map((story) => [story, nothing])) as Record<Story, Judged>;
  try {
    for (let n = 0, seen = 0; seen < calls || n < stories.length; n += 1) {
      const story = stories[n % stories.length]!;
      const judged = await trajectory(server, { story, seed: seed + n, turns: fewestTurns + ((n * 37) % 61) });
      told[story] = plus(told[story], judged);
      seen += judged.calls;
    }
  } finally {
    await server.close();
  }
  return told;
}

/** The same with a clock in the prompt: what is measured must find that out. */
async function controlCache(): Promise<Judged> {
  const server = await cacheServer();
  const spoil = (text: string, call: number) => `${text}\n\nIt is ${call} o'clock.`;
  return trajectory(server, { story: 'plain', seed, turns: fewestTurns }, { spoil }).finally(() => server.close());
}

export const cacheRow: FigureRow = {
  name: 'cache',
  work: `${wanted} calls of replayed runs against a provider that keeps prompts by the published rules`,
  async measure(): Promise<FigureResult> {
    const told = await measureCache(wanted);
    const all = Object.values(told).reduce(plus, nothing);
    const control = await controlCache();
    const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
    const figures = Object.entries({ ...told, 'all of them': all, 'control: a clock in the prompt': control }).map(
      ([name, judged]) => ({
        name,
        value: `${judged.calls} calls, read ${percent(share(judged))}, ${dear(judged).toFixed(3)}× the optimum, breaks ${judged.plannedBreaks} planned ${judged.avoidableBreaks} avoidable`,
      }),
    );
    const targets = [
      { what: 'share of the prompts read from the cache', value: share(all), limit: 0.95, atLeast: true },
      { what: 'input cost against the analytic optimum', value: dear(all), limit: 1.15 },
      { what: 'avoidable prefix breaks', value: all.avoidableBreaks, limit: 0 },
      {
        what: 'the control’s avoidable breaks, which must be found',
        value: control.avoidableBreaks,
        limit: 1,
        atLeast: true,
      },
    ];
    return { row: 'cache', seed, figures, targets: targets.map((target) => ({ ...target, met: met(target) })) };
  },
};

function met({ value, limit, atLeast }: { value: number; limit: number; atLeast?: boolean }): boolean {
  return atLeast ? value >= limit : value <= limit;
}
