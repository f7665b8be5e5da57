'use client';

import { useQuery } from '@tanstack/react-query';
import { Bot } from 'lucide-react';
import { BudgetAlerts } from '../budgets/budget-alerts.tsx';
import { Page } from '../frame/page.tsx';
import { useCan } from '../frame/use-org.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHeader } from '../ui/section.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';
import { Agent } from './agent.tsx';
import { HireAgent } from './hire-agent.tsx';

/** Who works for this org, what each is for, how it is set and what it may touch. `history`: the agent whose revisions are open. */
export function AgentsPage({ org, history }: { org: string; history: string }) {
  const trpc = useTRPC();
  const { data: agents, error } = useQuery(trpc.agents.list.queryOptions({ org }));
  const mayConfigure = useCan(org, 'org:configure');
  if (error && !agents) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!agents) return <ListSkeleton />;
  return (
    <Page>
      <PageHeader
        title="Agents"
        sub="An agent is a role hired into this org. It can never approve, merge or change its own limits."
        actions={
          <>
            {mayConfigure && agents.length > 0 && <HireAgent org={org} agents={agents} />}
            <ButtonLink href={`/${org}/agents/access`}>What they may do</ButtonLink>
            <ButtonLink href={`/${org}/agents/roles`}>Roles</ButtonLink>
          </>
        }
      />
      <BudgetAlerts org={org} />
      {agents.length === 0 ? (
        <Empty
          icon={Bot}
          title="Nobody has been hired yet"
          action={
            <ButtonLink look="primary" href={`/welcome?org=${org}`}>
              Take the starter roles
            </ButtonLink>
          }
        >
          A developer writes, a code reviewer judges. Both come with the starter set.
        </Empty>
      ) : (
        <ul className="grid gap-x-12 gap-y-10 lg:grid-cols-2">
          {agents.map((agent) => (
            <Agent key={agent.id} {...{ org, agent, mayConfigure }} opensHistory={agent.id === history} />
          ))}
        </ul>
      )}
    </Page>
  );
}
