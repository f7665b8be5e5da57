'use client';

import { skipToken, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RepoView } from '../../server/domain/views/repo-views.ts';
import { ConnectRepo } from '../repos/connect-repo.tsx';
import { useTRPC } from '../trpc/context.ts';
import { ButtonLink } from '../ui/button.tsx';
import { millis, plural } from '../ui/format.ts';
import { NameOrg } from './name-org.tsx';
import { StageLine } from './stage-line.tsx';
import { Step, type StepState } from './step.tsx';
import { TakeStarters } from './take-starters.tsx';

/** The state of each step follows from what exists, never from where a person clicked. */
function stateOf(done: boolean, open: boolean): StepState {
  if (done) return 'done';
  return open ? 'now' : 'later';
}

function Ready({ org, repoId, scripted }: { org: string; repoId: string; scripted: boolean }) {
  return (
    <div className="flex flex-col items-start gap-3 border-t border-line pt-6">
      <p className="max-w-[68ch] text-ink-2">
        {scripted
          ? 'There is no model key yet, so a scripted model answers, and only the sample task can be started. A key is added under Settings at any time.'
          : 'Everything is ready. File a task and watch it.'}
      </p>
      <ButtonLink look="primary" href={`/${org}/tasks/new?suggest=1&repo=${repoId}`}>
        File the first task
      </ButtonLink>
    </div>
  );
}

function ConnectedRepo({ repo, took }: { repo: RepoView; took: number | null }) {
  return (
    <>
      <b className="font-medium">{repo.name}</b>: cloned {plural(repo.files, 'file')}
      {took !== null && ` in ${millis(took)}`}; tests: <span className="font-mono">{repo.testCommand}</span>
    </>
  );
}

/** Everything that exists of the org so far; undefined while it is asked for. */
function useProgress(org: string | null) {
  const trpc = useTRPC();
  const input = org ? { org } : skipToken;
  const view = useQuery(trpc.orgs.get.queryOptions(input)).data;
  const repos = useQuery(trpc.repos.list.queryOptions(input)).data;
  const starters = useQuery(trpc.starters.get.queryOptions(input)).data;
  return { view, repos, repo: repos?.[0], starters, hired: starters?.hired === true };
}

type Progress = ReturnType<typeof useProgress>;

function OrgStep({ org, progress }: { org: string | null; progress: Progress }) {
  const proof = <b className="font-medium">{progress.view?.name}</b>;
  return (
    <Step number={1} title="Name the org" state={stateOf(org !== null, true)} proof={proof}>
      <NameOrg />
    </Step>
  );
}

function RepoStep({ org, progress }: { org: string | null; progress: Progress }) {
  const [took, setTook] = useState<number | null>(null);
  const { repo, repos } = progress;
  return (
    <Step
      number={2}
      title="Connect a repo"
      state={stateOf(repo !== undefined, repos !== undefined)}
      proof={repo && <ConnectedRepo repo={repo} took={took} />}
    >
      {org && <ConnectRepo org={org} onConnected={setTook} />}
    </Step>
  );
}

function StartersStep({ org, progress }: { org: string | null; progress: Progress }) {
  const { starters, repo, hired } = progress;
  const proof = starters && (
    <>
      Hired {starters.agents.map((agent) => agent.title).join(' and ')}.
      <StageLine stages={starters.stages} />
    </>
  );
  return (
    <Step
      number={3}
      title="Take the starter roles, policy and pipeline"
      state={stateOf(hired, repo !== undefined)}
      proof={proof}
    >
      {org && <TakeStarters org={org} />}
    </Step>
  );
}

/** Three steps from nothing to the first task; `org` is null until the first is done. */
export function Welcome({ org }: { org: string | null }) {
  const progress = useProgress(org);
  const { view, repo, hired } = progress;
  return (
    <>
      <header className="flex flex-col gap-1">
        <h1 className="text-xl font-semibold">Set up your fleet</h1>
        <p className="text-ink-2">Three steps. Each one shows that it worked before the next begins.</p>
      </header>
      <ol className="flex flex-col">
        <OrgStep org={org} progress={progress} />
        <RepoStep org={org} progress={progress} />
        <StartersStep org={org} progress={progress} />
      </ol>
      {org && hired && repo && <Ready org={org} repoId={repo.id} scripted={view?.model.kind === 'scripted'} />}
    </>
  );
}
