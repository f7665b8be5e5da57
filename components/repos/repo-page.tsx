'use client';

import { useQuery } from '@tanstack/react-query';
import { EnvironmentPanel } from '../environment/environment-panel.tsx';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useCan } from '../frame/use-org.ts';
import { RepoRules } from '../proposals/proposals-panel.tsx';
import { useTRPC } from '../trpc/context.ts';
import { useOrgChanges } from '../trpc/use-org-changes.ts';
import { ButtonLink } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';
import { PageHeader } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { PathClasses } from './path-classes.tsx';
import { RepoCommands } from './repo-commands.tsx';

const watchMs = 2_000;

/** One repo: whether it can be worked in, and how it is set up. */
export function RepoPage({ org, repoId }: { org: string; repoId: string }) {
  const trpc = useTRPC();
  const mayFile = useCan(org, 'tasks:create');
  const watching = trpc.environment.get.queryOptions(
    { org, repoId },
    { refetchInterval: ({ state }) => (state.data?.check && state.data.check.endedAt === null ? watchMs : false) },
  );
  const found = useQuery(watching).data;
  useOrgChanges(org);
  if (!found) return null;
  const { repo, check } = found;
  return (
    <Page>
      <Crumb label={repo.name} />
      <PageHeader
        title={repo.name}
        sub={
          <span className="flex flex-wrap gap-x-3">
            <span className="font-mono">{repo.remote}</span>
            <span>
              {plural(repo.files, 'file')} on <span className="font-mono">{repo.defaultBranch}</span>
            </span>
            <span>
              connected <Ago at={repo.createdAt} />
            </span>
          </span>
        }
        actions={
          <>
            <ButtonLink href={`/${org}/agents/access?repo=${repo.id}`}>What agents may do here</ButtonLink>
            {mayFile && <ButtonLink href={`/${org}/tasks/new?repo=${repo.id}`}>New task</ButtonLink>}
          </>
        }
      />
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-2">
        <EnvironmentPanel org={org} repoId={repo.id} check={check} />
        <RepoCommands org={org} repo={repo} />
      </div>
      <RepoRules org={org} repoId={repo.id} />
      <PathClasses org={org} repoId={repo.id} />
    </Page>
  );
}
