'use client';

import { Bot } from 'lucide-react';
import { useState } from 'react';
import type { AgentView } from '../../server/domain/views/agent-view.ts';
import { toolGroups } from '../../server/domain/tools/tool-words.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { limit, money, plural } from '../ui/format.ts';
import { Fact, Facts } from '../ui/section.tsx';
import { Words } from '../ui/words.tsx';
import { AgentHistory } from './agent-history.tsx';
import { EditAgent } from './edit-agent.tsx';
import { ReinstateAgent, RetireAgent } from './retire-agent.tsx';

type Props = { org: string; agent: AgentView; mayConfigure: boolean; opensHistory: boolean };
type Shown = 'nothing' | 'edit' | 'history';

/** One agent: what it is for, how it is set, and how it came to be set so. */
export function Agent({ org, agent, mayConfigure, opensHistory }: Props) {
  const [shown, setShown] = useState<Shown>(opensHistory ? 'history' : 'nothing');
  const toggle = (what: Shown) => setShown(shown === what ? 'nothing' : what);
  const retired = agent.retiredAt !== null;
  return (
    <li className="flex min-w-0 flex-col gap-3 border-t border-line pt-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="flex min-w-0 items-center gap-2 font-semibold">
          <Bot aria-hidden className="size-4 shrink-0 text-ink-3" />
          <span className="min-w-0 foreign">{agent.name}</span>
          <span className="text-sm font-normal text-ink-3">{retired ? 'Retired' : `revision ${agent.revision}`}</span>
        </h2>
        {mayConfigure &&
          (retired ? <ReinstateAgent org={org} agent={agent} /> : <RetireAgent org={org} agent={agent} />)}
      </div>
      <p className="max-w-[76ch] text-ink-2 foreign">{agent.purpose}</p>
      <AgentFacts agent={agent} />
      <div className="flex flex-wrap gap-2">
        {mayConfigure && (
          <Button aria-label={`Change ${agent.name}`} aria-expanded={shown === 'edit'} onClick={() => toggle('edit')}>
            Change
          </Button>
        )}
        <Button
          look="quiet"
          aria-label={`History of ${agent.name}`}
          aria-expanded={shown === 'history'}
          onClick={() => toggle('history')}
        >
          History
        </Button>
        <ButtonLink
          look="quiet"
          aria-label={`What it may do: ${agent.name}`}
          href={`/${org}/agents/access?role=${encodeURIComponent(agent.role)}`}
        >
          What it may do
        </ButtonLink>
      </div>
      {shown === 'edit' && (
        <EditAgent key={agent.revision} org={org} agent={agent} onSaved={() => setShown('nothing')} />
      )}
      {shown === 'history' && <AgentHistory {...{ org, agent, mayConfigure }} />}
    </li>
  );
}

function AgentFacts({ agent }: { agent: AgentView }) {
  const { settings, roleVersion, newestRoleVersion, retiredAt } = agent;
  const kept = settings.roleVersion !== null;
  return (
    <Facts>
      <Fact name="Role">
        {agent.title} <span className="font-mono text-ink-3">{agent.role}</span>, version {roleVersion}
        {kept && (
          <span className="text-ink-3">
            {' '}
            (it stays at this one{roleVersion === newestRoleVersion ? '' : `; the newest is ${newestRoleVersion}`})
          </span>
        )}
      </Fact>
      <Fact name="Works in">{agent.repo ?? 'every repo'}</Fact>
      {settings.instructions !== '' && (
        <Fact name="Instructions">
          <span className="line-clamp-4 whitespace-pre-line">{settings.instructions}</span>
        </Fact>
      )}
      <Fact name="May write">
        <Words text={agent.write} />
      </Fact>
      <Fact name="Budget">
        {money(agent.costLimitMicros)} and {limit(agent.secondsLimit)} of run time for each run;{' '}
        {limit(settings.secondsLimit)} a month, {plural(settings.maxRuns, 'run')} at once
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
        {retiredAt === null ? plural(agent.openRuns, 'run') : 'It gets no new run; its history stays'}
      </Fact>
    </Facts>
  );
}
