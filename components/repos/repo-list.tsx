'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FolderGit2, Plus } from 'lucide-react';
import { useState } from 'react';
import { environmentState } from '../environment/environment-state.ts';
import { Page } from '../frame/page.tsx';
import { useCan } from '../frame/use-org.ts';
import { StateMark } from '../status/state-mark.tsx';
import { useTRPC } from '../trpc/context.ts';
import { useOrgChanges } from '../trpc/use-org-changes.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { plural } from '../ui/format.ts';
import { useRowKeys } from '../ui/row-keys.ts';
import { Cell, Row, RowList } from '../ui/row-list.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { ConnectRepo } from './connect-repo.tsx';

function Connect({ org, onDone }: { org: string; onDone: () => void }) {
  return (
    <Section title="Connect a repo" className="max-w-4xl">
      <ConnectRepo org={org} onConnected={onDone} />
    </Section>
  );
}

/** The connected repos and whether each can be worked in. */
export function RepoList({ org }: { org: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [adding, setAdding] = useState(false);
  const mayConnect = useCan(org, 'repos:connect');
  const repos = useQuery(trpc.repos.list.queryOptions({ org })).data ?? [];
  const checks = useQuery(trpc.environment.list.queryOptions({ org })).data ?? [];
  useOrgChanges(org);
  useRowKeys();
  const checkOf = new Map(checks.map((check) => [check.repoId, check]));
  const done = () => {
    setAdding(false);
    void queryClient.invalidateQueries();
  };
  const connect = mayConnect && !adding && (
    <Button look={repos.length === 0 ? 'primary' : 'plain'} onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      Connect a repo
    </Button>
  );
  return (
    <Page>
      <PageHeader
        title="Repos"
        sub="Where agents work, and whether what they need there is working."
        actions={repos.length > 0 && connect}
      />
      {adding && <Connect org={org} onDone={done} />}
      {repos.length === 0 && !adding && (
        <Empty icon={FolderGit2} title="No repo is connected yet" action={connect || undefined}>
          Connect the sample, a folder or a git URL. Fleet looks at it first and says how it would be set up.
        </Empty>
      )}
      {repos.length > 0 && (
        <div className="border-t border-line pt-3">
          <RowList label="Repos">
            {repos.map((repo) => (
              <Row
                key={repo.id}
                href={`/${org}/repos/${repo.id}`}
                lead={<FolderGit2 aria-hidden className="size-4" />}
                title={repo.name}
                sub={<span className="font-mono">{repo.remote}</span>}
                end={
                  <>
                    {!repo.confirmed && <Cell>classes not confirmed</Cell>}
                    <Cell>{repo.defaultBranch}</Cell>
                    <span className="whitespace-nowrap">{plural(repo.files, 'file')}</span>
                    <StateMark state={environmentState(checkOf.get(repo.id) ?? null)} />
                  </>
                }
              />
            ))}
          </RowList>
        </div>
      )}
    </Page>
  );
}
