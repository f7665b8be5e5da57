'use client';

import type { BudgetRowView, BudgetsView } from '../../server/domain/views/budget-views.ts';
import { duration, money, short } from '../ui/format.ts';
import { Meter } from '../ui/meter.tsx';
import { AssignTeam } from './assign-team.tsx';
import { Burn } from './burn.tsx';
import { EditBudget } from './edit-budget.tsx';

const kinds: Record<BudgetRowView['dimension'], string> = {
  org: 'Org, this month',
  team: 'Team, this month',
  repo: 'Repo, this month',
  agent: 'Agent, this month',
  task: 'Rule, at most',
  run: 'Rule, at most',
};

type AmountProps = { used: number | null; limit: number | null; say: (value: number) => string };

function Amount({ used, limit, say }: AmountProps) {
  return (
    <span className="figures whitespace-nowrap">
      {used !== null && <>{say(used)} / </>}
      {limit === null ? <span className="text-ink-3">no limit</span> : say(limit)}
    </span>
  );
}

function Amounts({ row }: { row: BudgetRowView }) {
  const { rule } = row;
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-sm md:grid-cols-[10rem_9rem_8rem_6rem] md:items-start">
      <div className="flex flex-col gap-1">
        <dt className="text-xs text-ink-3">Money{row.byDefault && ', by default'}</dt>
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
      <div className="flex flex-col gap-1">
        <dt className="text-xs text-ink-3">Run time</dt>
        <dd>
          <Amount used={rule ? null : row.usedSeconds} limit={row.seconds} say={duration} />
        </dd>
      </div>
      <div className="flex flex-col gap-1">
        <dt className="text-xs text-ink-3">Tokens</dt>
        <dd>
          <Amount used={rule ? null : row.usedTokens} limit={row.tokens} say={short} />
        </dd>
      </div>
      {row.maxRuns !== null && (
        <div className="flex flex-col gap-1">
          <dt className="text-xs text-ink-3">Runs at once</dt>
          <dd className="figures">{row.maxRuns}</dd>
        </div>
      )}
    </dl>
  );
}

type RowProps = { org: string; row: BudgetRowView; teams: BudgetsView['teams']; mayChange: boolean };

/** One budget: what it may use and has used, how it burns, and who it is shared with. */
export function BudgetRow({ org, row, teams, mayChange }: RowProps) {
  const team = teams.find(({ id }) => id === row.teamId);
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <div className="min-w-40 flex-1">
          <p className="font-medium foreign">{row.name}</p>
          <p className="text-xs text-ink-3 foreign">
            {kinds[row.dimension]}
            {team && `, of the team ${team.name}`}
          </p>
        </div>
        <Amounts row={row} />
        {mayChange && (
          <span className="flex justify-end gap-1 md:min-w-14">
            {teams.length > 0 && (row.dimension === 'repo' || row.dimension === 'agent') && (
              <AssignTeam org={org} row={row} teams={teams} />
            )}
            <EditBudget org={org} row={row} />
          </span>
        )}
      </div>
      {!row.rule && row.dimension !== 'org' && row.usedMicros > 0 && (
        <details className="text-sm">
          <summary className="w-fit cursor-pointer text-ink-3 hover:text-ink">Day by day</summary>
          <div className="pt-2">
            <Burn row={row} />
          </div>
        </details>
      )}
    </li>
  );
}
