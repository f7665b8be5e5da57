'use client';

import { useQuery } from '@tanstack/react-query';
import { Bot } from 'lucide-react';
import { toolGroups } from '../../server/domain/tools/tool-words.ts';
import { BudgetAlerts } from '../budgets/budget-alerts.tsx';
import type { AgentView } from '../../server/domain/views/agent-view.ts';
import { Page } from '../frame/page.tsx';
import { useCan } from '../frame/use-org.ts';
import { useTRPC } from '../trpc/context.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { limit, money, plural } from '../ui/format.ts';
import { Fact, Facts, PageHeader } from '../ui/section.tsx';
import { Words } from '../ui/words.tsx';
import { ReinstateAgent, RetireAgent } from './retire-agent.tsx';

/** Who works for this org, what each is for and what it may touch. */
export function AgentsPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const agents = useQuery(trpc.agents.list.queryOptions({ org })).data;
  const mayConfigure = useCan(org, 'org:configure');
  if (!agents) return null;
  return (
    <Page>
      <PageHeader
        title="Agents"
        sub="An agent is a role hired into this org. It can never approve, merge or change its own limits."
        actions={
          <>
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
            <Agent key={agent.id} org={org} agent={agent} mayConfigure={mayConfigure} />
          ))}
        </ul>
      )}
    </Page>
  );
}

type Props = { org: string; agent: AgentView; mayConfigure: boolean };

function Agent({ org, agent, mayConfigure }: Props) {
  const retired = agent.retiredAt !== null;
  return (
    <li className="flex min-w-0 flex-col gap-3 border-t border-line pt-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="flex min-w-0 items-center gap-2 font-semibold">
          <Bot aria-hidden className="size-4 shrink-0 text-ink-3" />
          <span className="min-w-0 foreign">{agent.name}</span>
          {retired && <span className="text-sm font-normal text-ink-3">Retired</span>}
        </h2>
        {mayConfigure &&
          (retired ? <ReinstateAgent org={org} agent={agent} /> : <RetireAgent org={org} agent={agent} />)}
      </div>
      <p className="max-w-[76ch] text-ink-2">{agent.purpose}</p>
      <Facts>
        <Fact name="Role">
          {agent.title} <span className="font-mono text-ink-3">{agent.role}</span>
        </Fact>
        <Fact name="May write">
          <Words text={agent.write} />
        </Fact>
        <Fact name="Budget">
          {money(agent.costLimitMicros)} and {limit(agent.secondsLimit)} of run time for each run
        </Fact>
        <Fact name="Tools">
          <ul className="flex flex-col gap-1">
            {toolGroups(agent.tools).map(({ does, within, tools }) => (
              <li key={`${does} ${within}`}>
                {does} <span className="text-ink-3">({within})</span>{' '}
                <span className="font-mono">{tools.join('  ')}</span>
              </li>
            ))}
          </ul>
        </Fact>
        <Fact name="Open runs">
          {retired ? 'It gets no new run; its history stays' : plural(agent.openRuns, 'run')}
        </Fact>
      </Facts>
    </li>
  );
}
