'use client';

import { useQuery } from '@tanstack/react-query';
import type { BudgetRowView, BudgetsView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';
import { duration, money, short } from '../ui/format.ts';
import { Meter } from '../ui/meter.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { EditBudget } from './edit-budget.tsx';

const kinds: Record<BudgetRowView['dimension'], string> = {
  org: 'Org',
  repo: 'Repo',
  agent: 'Agent',
  task: 'Rule',
  run: 'Rule',
};

function Amount({ used, limit, say }: { used: number | null; limit: number | null; say: (value: number) => string }) {
  return (
    <span className="figures whitespace-nowrap">
      {used !== null && <>{say(used)} / </>}
      {limit === null ? <span className="text-ink-3">no limit</span> : say(limit)}
    </span>
  );
}

function Row({ org, row, mayChange }: { org: string; row: BudgetRowView; mayChange: boolean }) {
  const { rule } = row;
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 py-3">
      <div className="min-w-40 flex-1">
        <p className="font-medium foreign">{row.name}</p>
        <p className="text-xs text-ink-3">{rule ? 'Rule, at most' : `${kinds[row.dimension]}, this month`}</p>
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        <div className="flex min-w-36 flex-col gap-1">
          <dt className="text-xs text-ink-3">Money</dt>
          <dd className="flex flex-col gap-1">
            <Amount used={rule ? null : row.usedMicros} limit={row.micros} say={money} />
            {row.micros !== null && !rule && (
              <Meter
                label={`Money of ${row.name}`}
                used={row.usedMicros}
                reserved={row.reservedMicros}
                limit={row.micros}
              />
            )}
          </dd>
        </div>
        <div className="flex min-w-28 flex-col gap-1">
          <dt className="text-xs text-ink-3">Run time</dt>
          <dd>
            <Amount used={rule ? null : row.usedSeconds} limit={row.seconds} say={duration} />
          </dd>
        </div>
        <div className="flex min-w-28 flex-col gap-1">
          <dt className="text-xs text-ink-3">Tokens</dt>
          <dd>
            <Amount used={rule ? null : row.usedTokens} limit={row.tokens} say={short} />
          </dd>
        </div>
      </dl>
      {mayChange && <EditBudget org={org} row={row} />}
    </li>
  );
}

/** Money by day of the month; what it comes to in words, so that nobody has to read the bars. */
function Burn({ view }: { view: BudgetsView }) {
  const most = Math.max(1, ...view.days.map(({ micros }) => micros));
  const spent = view.days.reduce((sum, { micros }) => sum + micros, 0);
  const words =
    view.forecastMicros === null
      ? `${money(spent)} spent today; a forecast comes with the second day of the month.`
      : `${money(spent)} spent this month. Going on like this, the month comes to ${money(view.forecastMicros)}.`;
  return (
    <figure className="flex flex-col gap-2">
      <div aria-hidden className="flex h-16 items-end gap-px border-b border-line">
        {view.days.map(({ day, micros }) => (
          <span
            key={day}
            title={`Day ${day}: ${money(micros)}`}
            className="min-w-0 flex-1 rounded-t-sm bg-ink-3"
            style={{ height: `${(micros / most) * 100}%` }}
          />
        ))}
      </div>
      <figcaption className="text-sm text-ink-2">{words}</figcaption>
    </figure>
  );
}

/** What org, repos and agents may use in a month and have used, and the rules for tasks and runs. Times are UTC. */
export function Budgets({ org, mayChange }: { org: string; mayChange: boolean }) {
  const trpc = useTRPC();
  const { data: view, error } = useQuery(trpc.settings.budgets.queryOptions({ org }));
  if (error) return <p className="text-sm text-ink-3">The budgets cannot be shown now: {error.message}</p>;
  if (!view) return <Bone className="h-32" />;
  return (
    <div className="flex flex-col gap-4">
      <Burn view={view} />
      <ul className="flex flex-col divide-y divide-line">
        {view.rows.map((row) => (
          <Row key={`${row.dimension} ${row.subject}`} org={org} row={row} mayChange={mayChange} />
        ))}
      </ul>
    </div>
  );
}
