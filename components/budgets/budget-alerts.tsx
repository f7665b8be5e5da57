'use client';

import { useQuery } from '@tanstack/react-query';
import type { BudgetAlertView } from '../../server/domain/views/budget-views.ts';
import { useCan } from '../frame/use-org.ts';
import { useTRPC } from '../trpc/context.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

type Of = { taskId?: string; runId?: string };

/** The budgets that are nearly or wholly used up: of the org, or of what one task or run counts in. */
export function useBudgetAlerts(org: string, of: Of = {}): BudgetAlertView[] {
  const trpc = useTRPC();
  return useQuery(trpc.budgets.alerts.queryOptions({ org, ...of }, { refetchInterval: 15_000 })).data ?? [];
}

/** Says which budgets run out; nothing where none does. */
export function BudgetAlerts({ org, ...of }: Of & { org: string }) {
  const alerts = useBudgetAlerts(org, of);
  const mayChange = useCan(org, 'org:configure');
  const tightest = alerts[0];
  if (!tightest) return null;
  const over = tightest.percent >= 100;
  return (
    <Notice
      look={over ? 'bad' : 'warn'}
      title={over ? 'A budget is used up' : 'A budget is running out'}
      action={
        <ButtonLink size="small" href={`/${org}/settings#budgets`}>
          {mayChange ? 'Set budgets' : 'See budgets'}
        </ButtonLink>
      }
    >
      <ul className="flex flex-col gap-1">
        {alerts.slice(0, 5).map(({ dimension, subject, sentence }) => (
          <li key={`${dimension} ${subject}`}>{sentence}</li>
        ))}
      </ul>
      {alerts.length > 5 && <p>And {alerts.length - 5} more.</p>}
    </Notice>
  );
}
