'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { BoardView } from '../../server/domain/views/views.ts';
import { useBudgetAlerts } from '../budgets/budget-alerts.tsx';
import { useTRPC } from '../trpc/context.ts';
import { money } from '../ui/format.ts';
import { ToneIcon } from '../ui/mark.tsx';

/** The board's figures wherever a person is; kept fresh by the page's own stream, and by asking where it has none. */
export function useBoard(org: string): BoardView | undefined {
  const trpc = useTRPC();
  return useQuery(trpc.board.get.queryOptions({ org }, { refetchInterval: 15_000 })).data;
}

export function HealthStrip({ org }: { org: string }) {
  const board = useBoard(org);
  const budget = useBudgetAlerts(org)[0];
  if (!board) return null;
  const { runningRuns, spentTodayMicros, needsYou } = board;
  return (
    <ul aria-label="State of the fleet" className="flex items-center gap-4 text-sm whitespace-nowrap text-ink-2">
      <li className="hidden items-center gap-1.5 sm:flex">
        <ToneIcon tone={runningRuns > 0 ? 'running' : 'waiting'} className="size-3.5" />
        <span>
          <span className="tabular-nums">{runningRuns}</span> running
        </span>
      </li>
      <li className="hidden sm:block">
        <span className="tabular-nums">{money(spentTodayMicros)}</span> today
      </li>
      {budget && (
        <li>
          <Link href={`/${org}/settings#budgets`} title={budget.sentence} className="font-medium text-needs-ink">
            <span className="tabular-nums">{budget.percent} %</span>{' '}
            <span className="max-[480px]:sr-only">of the budget of {budget.name.replace('The ', 'the ')} used</span>
          </Link>
        </li>
      )}
      <li>
        <Link href={`/${org}/approvals`} className={needsYou > 0 ? 'font-medium text-needs-ink' : 'hover:text-ink'}>
          <span className="tabular-nums">{needsYou}</span> <span className="max-[380px]:hidden">for you</span>
          <span className="min-[381px]:hidden">you</span>
        </Link>
      </li>
    </ul>
  );
}
