'use client';

import { skipToken, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import type { ListedRepo, RepoView } from '../../server/domain/views/repo-views.ts';
import { ConfirmNewRepo } from '../repos/confirm-new-repo.tsx';
import { ConnectRepo } from '../repos/connect-repo.tsx';
import type { Connected } from '../repos/use-connect.ts';
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

/** What is left to be said of a repo that is connected: at once where it was just connected, and otherwise on its page. */
function Unconfirmed({ org, repo, fresh }: { org: string; repo: ListedRepo; fresh: boolean }) {
  const [later, setLater] = useState(false);
  if (fresh && !later) return <ConfirmNewRepo org={org} repoId={repo.id} onDone={() => setLater(true)} />;
  if (repo.confirmed) return null;
  return (
    <p className="text-sm">
      Nobody has confirmed which of its files are auth, money and public API.{' '}
      <Link href={`/${org}/repos/${repo.id}`} className="font-medium text-accent underline-offset-2 hover:underline">
        Confirm them on its page
      </Link>
    </p>
  );
}

function RepoStep({ org, progress }: { org: string | null; progress: Progress }) {
  const [fresh, setFresh] = useState<Connected | null>(null);
  const { repo, repos } = progress;
  const proof = org && repo && (
    <div className="flex min-w-0 flex-col gap-4">
      <p>
        <ConnectedRepo repo={repo} took={fresh?.millis ?? null} />
      </p>
      <Unconfirmed org={org} repo={repo} fresh={fresh?.repoId === repo.id} />
    </div>
  );
  return (
    <Step number={2} title="Connect a repo" state={stateOf(repo !== undefined, repos !== undefined)} proof={proof}>
      {org && <ConnectRepo org={org} confirmsElsewhere onConnected={setFresh} />}
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
