'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import type { RunView } from '../../server/domain/views/views.ts';
import { Code, Revealed } from '../ui/code.tsx';
import { Copyable } from '../ui/copy.tsx';
import { count, limit, money, plural } from '../ui/format.ts';
import { Fact, Facts } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import type { Timeline } from './timeline.ts';

function Folded({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="group">
      <summary className="list-none text-sm font-medium text-accent">{title}</summary>
      <div className="pt-2">{children}</div>
    </details>
  );
}

function Commits({ timeline }: { timeline: Timeline }) {
  if (timeline.commits.length === 0) return <Fact name="Commits">none yet</Fact>;
  return (
    <Fact name="Commits">
      <ul className="flex flex-col gap-1">
        {timeline.commits.map((commit) => (
          <li key={commit.commit} className="flex flex-wrap gap-x-3">
            <Copyable value={commit.commit} what="commit" />
            <span className="text-ink-3">{plural(commit.files, 'file')}</span>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function Jobs({ timeline: { jobs } }: { timeline: Timeline }) {
  if (jobs.length === 0) return null;
  return (
    <Fact name="Jobs">
      <ul className="flex flex-col gap-1">
        {jobs.map(({ jobId, command, end }) => (
          <li key={jobId} className="flex min-w-0 flex-wrap gap-x-3">
            <span className="figures">{jobId}</span>
            <code className="min-w-0 truncate font-mono text-xs leading-5 text-ink-2">
              <Revealed text={command} />
            </code>
            <span className="text-ink-3">{end === null ? 'running' : 'ended'}</span>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function Helpers({ org, run: { helpers } }: { org: string; run: RunView }) {
  if (helpers.length === 0) return null;
  return (
    <Fact name="Helpers">
      <ul className="flex flex-col gap-1">
        {helpers.map(({ runId, question, status, secondsUsed, costMicros, costLimitMicros }) => (
          <li key={runId} className="flex min-w-0 flex-col">
            <Link
              href={`/${org}/runs/${runId}`}
              className="min-w-0 truncate text-accent hover:underline pointer-coarse:min-h-11 foreign"
            >
              {question}
            </Link>
            <span className="text-ink-3">
              {status}, {money(costMicros)} of {money(costLimitMicros)}, {limit(secondsUsed)}
            </span>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

/** Who works on it, and as what. */
function Hired({ org, run }: { org: string; run: RunView }) {
  return (
    <>
      <Fact name="Agent">
        <span className="foreign">{run.agent}</span>
        {run.agentRevision !== null && (
          <Link
            href={`/${org}/agents?history=${encodeURIComponent(run.agentId)}`}
            className="ml-1 text-accent hover:underline"
          >
            revision {run.agentRevision}
          </Link>
        )}
      </Fact>
      <Fact name="Role">
        {run.role}, version {run.roleVersion}
      </Fact>
    </>
  );
}

/** Everything about the run that is not its story: ids, times, tokens, what it was told at the start. */
export function RunDetails({ org, run, timeline }: { org: string; run: RunView; timeline: Timeline }) {
  const { started } = timeline;
  return (
    <div className="flex flex-col gap-5">
      <Facts>
        <Fact name="Run">
          <Copyable value={run.id} shown={run.id} what="run id" />
        </Fact>
        <Hired org={org} run={run} />
        <Fact name="Repo">{run.repo}</Fact>
        <Fact name="Model">{run.model}</Fact>
        <Fact name="Tokens in">
          <span className="figures">{count(run.inputTokens)}</span>
        </Fact>
        <Fact name="From cache">
          <span className="figures">{count(run.cacheReadTokens)}</span>
        </Fact>
        <Fact name="Tokens out">
          <span className="figures">{count(run.outputTokens)}</span>
        </Fact>
        <Fact name="Created">
          <Ago at={run.createdAt} />
        </Fact>
        {run.endedAt && (
          <Fact name="Ended">
            <Ago at={run.endedAt} />
          </Fact>
        )}
        {started && (
          <Fact name="Base">
            <Copyable value={started.base} what="base commit" />
          </Fact>
        )}
        <Commits timeline={timeline} />
        <Jobs timeline={timeline} />
        <Helpers org={org} run={run} />
        {started && <Fact name="Tools">{started.tools.join(', ')}</Fact>}
        <Fact name="Log">
          <span className="figures">{plural(timeline.lastSeq, 'event')}</span>
        </Fact>
      </Facts>
      {started && (
        <>
          <Folded title="What the agent was told first">
            <Code label="First message" text={started.firstMessage} lines={40} />
          </Folded>
          <Folded title="Its standing instructions">
            <Code label="System prompt" text={started.system} lines={40} />
          </Folded>
        </>
      )}
    </div>
  );
}
