import type { ReactNode } from 'react';
import type { AccessVerdict } from '../../server/domain/views/access-view.ts';
import { Mark } from '../ui/mark.tsx';
import { Words } from '../ui/words.tsx';
import { RuleName, VerdictMark } from './verdict.tsx';

export const differ = ([one, other]: readonly AccessVerdict[]) =>
  one !== undefined && other !== undefined && (one.verdict !== other.verdict || one.who !== other.who);

type Props = { what: ReactNode; kind: ReactNode; verdicts: readonly AccessVerdict[]; names: readonly string[] };

/** One thing and what each side says of it; where both say the same, once. */
export function VerdictRow({ what, kind, verdicts, names }: Props) {
  const two = differ(verdicts);
  const shown = two ? verdicts : verdicts.slice(0, 1);
  return (
    <li className="grid min-w-0 gap-x-6 gap-y-1 py-2 text-sm sm:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
      <div className="min-w-0">
        <p dir="ltr" className="font-mono break-words">
          {what}
        </p>
        <p className="text-ink-3">
          {kind}
          {two && (
            <>
              {' '}
              <Mark tone="doubtful" bare>
                differs
              </Mark>
            </>
          )}
        </p>
      </div>
      <ul className="flex min-w-0 flex-col gap-1">
        {shown.map((verdict, at) => (
          <li key={at} className="min-w-0">
            <p className="flex flex-wrap items-baseline gap-x-3">
              {two && <span className="text-ink-2">{names[at]}:</span>}
              <VerdictMark verdict={verdict} />
              <RuleName verdict={verdict} />
            </p>
            {verdict.verdict !== 'allow' && (
              <p className="text-ink-2 foreign">
                <Words text={verdict.reason} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}

export function VerdictRows({ children, label }: { children: ReactNode; label: string }) {
  return (
    <ul aria-label={label} className="-mt-2 flex min-w-0 flex-col divide-y divide-line">
      {children}
    </ul>
  );
}
