'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../trpc/context.ts';
import { Bone } from '../ui/skeleton.tsx';
import { AddTeam } from './add-team.tsx';
import { BudgetRow } from './budget-row.tsx';
import { Burn } from './burn.tsx';
import { Levels } from './levels.tsx';

/** What org, teams, repos and agents may use in a month and have used, and the rules for tasks and runs. Times are UTC. */
export function Budgets({ org, mayChange }: { org: string; mayChange: boolean }) {
  const trpc = useTRPC();
  const { data: view, error } = useQuery(trpc.settings.budgets.queryOptions({ org }));
  if (error) return <p className="text-sm text-ink-3">The budgets cannot be shown now: {error.message}</p>;
  if (!view) return <Bone className="h-32" />;
  const whole = view.rows.find(({ dimension }) => dimension === 'org');
  return (
    <div id="budgets" className="flex scroll-mt-20 flex-col gap-4">
      {whole && <Burn row={whole} />}
      <Levels org={org} warnAt={view.warnAt} mayChange={mayChange} />
      <ul className="flex flex-col divide-y divide-line">
        {view.rows.map((row) => (
          <BudgetRow
            key={`${row.dimension} ${row.subject}`}
            org={org}
            row={row}
            teams={view.teams}
            mayChange={mayChange}
          />
        ))}
      </ul>
      {mayChange && <AddTeam org={org} />}
    </div>
  );
}
