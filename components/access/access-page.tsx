'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FolderGit2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { AccessSide } from '../../server/domain/views/access-view.ts';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { plural } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { Fact, Facts, PageHeader, Section } from '../ui/section.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';
import { Words } from '../ui/words.tsx';
import { AskForm } from './ask-form.tsx';
import { inputOf, newestOf, sideNames, type Choice } from './choice.ts';
import { Choose, type Offered } from './choose.tsx';
import { FilesPart } from './files-part.tsx';
import { OtherParts } from './other-parts.tsx';
import { SmokeTest } from './smoke-test.tsx';

type Props = { org: string; repo: string; role: string; other: string };

/** What an agent of a role may do in a repo now; and where two roles or two versions differ. */
export function AccessPage({ org, ...asked }: Props) {
  const trpc = useTRPC();
  const repos = useQuery(trpc.repos.list.queryOptions({ org }));
  const roles = useQuery(trpc.roles.list.queryOptions({ org }));
  const policy = useQuery(trpc.policy.get.queryOptions({ org }, { retry: false }));
  const failed = repos.error ?? roles.error;
  return (
    <Page>
      <Crumb label="Access" />
      <PageHeader
        title="What an agent may do"
        sub="Answered by the code that decides when an agent tries, for the repo as it is now. Nothing is done and nothing is changed."
      />
      {failed && <Notice look="bad">{errorText(failed)}</Notice>}
      {!failed && (!repos.data || !roles.data || policy.isPending) && <ListSkeleton />}
      {repos.data && roles.data && !policy.isPending && (
        <Ready org={org} asked={asked} repos={repos.data} roles={roles.data} policy={policy.data} />
      )}
    </Page>
  );
}

type Found = Omit<Offered, 'policy'> & { policy: Offered['policy'] | undefined };

function Ready({ org, asked, repos, roles, policy }: { org: string; asked: Omit<Props, 'org'> } & Found) {
  const repo = repos.find(({ id }) => id === asked.repo) ?? repos[0];
  const role = roles.roles.find(({ name }) => name === asked.role) ?? roles.roles[0];
  if (!repo || !role || !policy) {
    return (
      <Empty
        icon={FolderGit2}
        title="There is nothing to look at yet"
        action={<ButtonLink href={`/welcome?org=${org}`}>Connect a repo and take the starter roles</ButtonLink>}
      >
        It takes a repo and a role.
      </Empty>
    );
  }
  const other = roles.roles.find(({ name }) => name === asked.other);
  const first = {
    ...{ repoId: repo.id, taskId: null, one: newestOf(role.name) },
    other: other ? newestOf(other.name) : null,
  };
  return <Simulator org={org} offered={{ repos, roles, policy }} first={first} />;
}

function Simulator({ org, offered, first }: { org: string; offered: Offered; first: Choice }) {
  const trpc = useTRPC();
  const [choice, setChoice] = useState(first);
  const input = inputOf(choice);
  const names = sideNames(choice, offered.roles);
  const access = useQuery(
    trpc.policy.access.queryOptions({ org, ...input }, { placeholderData: keepPreviousData, retry: false }),
  );
  const { data: view, error, isPlaceholderData } = access;
  return (
    <>
      <Choose org={org} offered={offered} choice={choice} onChange={setChoice} />
      <Section title="Smoke test" className="pt-4">
        <SmokeTest org={org} />
      </Section>
      <Section title="Ask" className="pt-4">
        <AskForm org={org} input={input} names={names} />
      </Section>
      {error && <Notice look="bad">{errorText(error)}</Notice>}
      {!view && !error && <ListSkeleton />}
      {view && !error && view.sides.length === names.length && (
        <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'opacity-60' : ''}>
          <div className="flex min-w-0 flex-col gap-6">
            <Section title="In short" className="pt-4">
              <div className={names.length === 2 ? 'grid min-w-0 gap-8 lg:grid-cols-2' : 'min-w-0'}>
                {view.sides.map((side, at) => (
                  <Short key={at} org={org} side={side} name={names.length === 2 ? names[at]! : null} />
                ))}
              </div>
            </Section>
            <FilesPart view={view} names={names} />
            <OtherParts view={view} names={names} />
          </div>
        </div>
      )}
    </>
  );
}

function Short({ org, side, name }: { org: string; side: AccessSide; name: string | null }) {
  const { role, roleVersion, policyVersion, writes, tools, run } = side;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {name !== null && <h3 className="font-medium">{name}</h3>}
      <Facts>
        <Fact name="Role">
          <span className="font-mono">{role}</span>, version {roleVersion}; policy version {policyVersion}
        </Fact>
        <Fact name="Writes">
          <Words text={writes} />
        </Fact>
        <Fact name="Tools">
          <span className="font-mono text-ink-2">{tools.join('  ')}</span>
        </Fact>
        {run && (
          <Fact name="Under way">
            <Link href={`/${org}/runs/${run.id}`} className="underline">
              Its run
            </Link>{' '}
            began with policy version {run.startedWith}, which counts besides;{' '}
            {run.grants === 0 ? 'nothing has been opened for it.' : `${plural(run.grants, 'grant')} open more for it.`}
          </Fact>
        )}
      </Facts>
    </div>
  );
}
