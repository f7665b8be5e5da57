import Link from 'next/link';
import {
  directions,
  groupings,
  type Backtest,
  type ChangedCall,
} from '../../server/domain/policy/backtest/backtest.ts';
import { Revealed } from '../ui/code.tsx';
import { Mark, type Tone } from '../ui/mark.tsx';
import { Ago } from '../ui/time.tsx';

const heads = { denied: 'Refused', asked: 'Asked', allowed: 'Allowed' } as const;
const titles = { role: 'Role', repo: 'Repo', rule: 'Rule' } as const;
const tones: Record<ChangedCall['direction'], Tone> = { denied: 'bad', asked: 'needs-you', allowed: 'good' };

/** The changes by role, by repo and by the rule that speaks, or that no longer does. */
export function ChangedBy({ found }: { found: Backtest }) {
  return (
    <div className="min-w-0 overflow-x-auto">
      <table className="w-full max-w-2xl text-sm">
        <thead className="text-left text-ink-3">
          <tr>
            <th className="py-1 pr-4 font-normal" colSpan={2}>
              Where
            </th>
            {directions.map((each) => (
              <th key={each} className="px-2 py-1 text-right font-normal">
                {heads[each]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groupings.flatMap((grouping) =>
            Object.entries(found.by[grouping]).map(([key, tally]) => (
              <tr key={`${grouping} ${key}`} className="border-t border-line">
                <td className="py-1 pr-4 text-ink-3">{titles[grouping]}</td>
                <td className="max-w-64 truncate py-1 pr-4 font-mono foreign">{key}</td>
                {directions.map((each) => (
                  <td key={each} className="figures px-2 py-1 text-right">
                    {tally[each] === 0 ? '' : tally[each]}
                  </td>
                ))}
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}

/** Calls that come out otherwise; each opens where it happened. */
export function ChangedCalls({ org, found }: { org: string; found: Backtest }) {
  const all = directions.reduce((sum, each) => sum + found.changed[each], 0);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <ol className="flex max-h-96 min-w-0 flex-col divide-y divide-line overflow-y-auto" aria-label="Changed calls">
        {found.shown.map((call) => (
          <li key={`${call.runId} ${call.callId}`}>
            <Link
              data-row
              href={`/${org}/runs/${call.runId}#call-${call.callId}`}
              className="flex min-h-11 min-w-0 flex-col gap-0.5 px-1 py-1.5 text-sm hover:bg-hover"
            >
              <span className="flex min-w-0 items-center gap-2">
                <Mark tone={tones[call.direction]} bare>
                  {heads[call.direction]}
                </Mark>
                <span dir="ltr" className="min-w-0 flex-1 truncate font-mono">
                  <Revealed text={`${call.tool} ${call.target}`} />
                </span>
                <span className="shrink-0 text-xs text-ink-3 max-sm:hidden">
                  {call.role}, {call.repo}, <Ago at={call.at} />
                </span>
              </span>
              <span className="min-w-0 text-ink-2 foreign">
                <Revealed text={call.after.reason} />
                <span className="text-ink-3">
                  {' '}
                  ({call.after.rule}; {call.before.verdict} by {call.before.rule} under the saved version
                  {call.recorded !== call.before.verdict && `, ${call.recorded} when it happened`})
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
      {all > found.shown.length && (
        <p className="text-sm text-ink-3">
          The first {found.shown.length} of {all} are shown.
        </p>
      )}
    </div>
  );
}
