import { parseCronItems } from 'graphile-worker';
import type { ParsedCronItem } from 'graphile-worker';
import { z } from 'zod';
import type { Catalog } from './catalog.ts';
import { planRun } from './ingest.ts';
import type { FunctionSpec } from './registration.ts';
import type { Batch } from './store/accept-events.ts';

/** The queue's task names. */
export const tasks = { call: 'call', cron: 'cron', prune: 'prune', mend: 'mend' } as const;

const upkeep = [
  { task: tasks.prune, match: '17 * * * *', identifier: 'engine-prune' },
  { task: tasks.mend, match: '* * * * *', identifier: 'engine-mend' },
];

/** The timetable: every function's cron triggers, in UTC, and the engine's own upkeep. Minutes missed stay missed. */
export function timetable(functions: readonly FunctionSpec[]): ParsedCronItem[] {
  const own = functions.flatMap((spec) =>
    spec.crons.map((match) => {
      const payload = { functionId: spec.id, cron: match };
      return { task: tasks.cron, match, identifier: `${spec.id} ${match}`, payload };
    }),
  );
  return parseCronItems([...upkeep, ...own]);
}

const tick = z.object({ functionId: z.string(), cron: z.string(), _cron: z.object({ ts: z.string() }) });

/** The run for one tick of a function's clock; empty when the function is gone. A tick delivered twice is one run. */
export function planTick(payload: unknown, catalog: Catalog, newId: () => string): Batch {
  const { functionId, cron, _cron } = tick.parse(payload);
  const spec = catalog.get(functionId);
  if (spec === null || !spec.crons.includes(cron)) return { runs: [], cancellations: [] };
  const event = { id: newId(), name: 'inngest/scheduled.timer', data: { cron }, ts: Date.parse(_cron.ts) };
  return { runs: [planRun(spec, { event, key: `tick ${functionId} ${cron} ${_cron.ts}` }, newId)], cancellations: [] };
}
