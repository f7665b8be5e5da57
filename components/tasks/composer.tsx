'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { FolderGit2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent } from 'react';
import type { RepoView } from '../../server/domain/views/repo-views.ts';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHeader } from '../ui/section.tsx';
import { ComposerFields } from './composer-fields.tsx';
import { PreflightNote, usePreflight } from './preflight.tsx';
import { budgetIn, filled, useDraft } from './use-draft.ts';

function NoRepo({ org }: { org: string }) {
  const connect = (
    <ButtonLink look="primary" href={`/welcome?org=${org}`}>
      Connect a repo
    </ButtonLink>
  );
  return (
    <Empty icon={FolderGit2} title="No repo is connected yet" action={connect}>
      A task is worked on in a repo.
    </Empty>
  );
}

type FormProps = { org: string; repos: RepoView[]; repo: string; suggest: boolean };

function TaskForm({ org, repos, repo, suggest }: FormProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [chosen, setChosen] = useState(repo);
  const repoId = (repos.find((each) => each.id === chosen) ?? repos[0])?.id ?? '';
  const { draft, change, hasSample, takeSample } = useDraft({ org, repoId, suggest });
  const preflight = usePreflight(org, repoId, draft.title);
  const create = useMutation(
    trpc.tasks.create.mutationOptions({ onSuccess: ({ taskId }) => router.push(`/${org}/tasks/${taskId}`) }),
  );
  const budget = budgetIn(draft);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const lists = { acceptance: filled(draft.acceptance), scope: filled(draft.scope) };
    if (budget === null) return;
    create.mutate({ org, repoId, title: draft.title, body: draft.body, ...lists, ...(budget ? { budget } : {}) });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-6">
      <ComposerFields
        repos={repos}
        repoId={repoId}
        onRepo={setChosen}
        draft={draft}
        onChange={change}
        onSample={hasSample ? takeSample : null}
      />
      <PreflightNote org={org} answer={preflight} />
      {create.error && (
        <Notice look="bad" title="The task was not filed">
          {errorText(create.error)}
        </Notice>
      )}
      <Button
        type="submit"
        look="primary"
        className="self-start"
        busy={create.isPending || create.isSuccess}
        disabled={preflight?.canStart === false || budget === null}
      >
        File and start this task
      </Button>
    </form>
  );
}

/** Asks for a task: the repo, what to change, how it will be judged and where the agent may write. */
export function Composer({ org, repo, suggest }: { org: string; repo: string; suggest: boolean }) {
  const trpc = useTRPC();
  const repos = useQuery(trpc.repos.list.queryOptions({ org })).data ?? [];
  return (
    <Page className="max-w-3xl!">
      <Crumb label="New task" />
      <PageHeader title="New task" sub="One thing to change in one repo. You approve before anything is merged." />
      {repos.length === 0 ? <NoRepo org={org} /> : <TaskForm org={org} repos={repos} repo={repo} suggest={suggest} />}
    </Page>
  );
}
