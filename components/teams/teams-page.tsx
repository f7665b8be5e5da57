'use client';

import { useQuery } from '@tanstack/react-query';
import { Users } from 'lucide-react';
import Link from 'next/link';
import { AddTeam } from '../budgets/add-team.tsx';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useCan } from '../frame/use-org.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Empty } from '../ui/empty.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHeader } from '../ui/section.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';
import { TeamSection } from './team-section.tsx';

/** The org's teams: who is in each, and what shares its budget. */
export function TeamsPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const mayChange = useCan(org, 'org:configure');
  const { data: view, error } = useQuery(trpc.teams.list.queryOptions({ org }));
  if (error && !view) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!view) return <ListSkeleton />;
  return (
    <Page>
      <Crumb label="Teams" />
      <PageHeader
        title="Teams"
        sub={
          <>
            A team names people who work together, and its repos and agents share a budget. What it may use is set{' '}
            <Link href={`/${org}/settings#budgets`} className="text-accent underline underline-offset-2">
              under Budgets
            </Link>
            .
          </>
        }
      />
      {mayChange && <AddTeam org={org} />}
      {view.teams.length === 0 && (
        <Empty icon={Users} title="There is no team yet">
          Orgs of a few people need none. Add one where several share a budget.
        </Empty>
      )}
      {view.teams.map((team) => (
        <TeamSection key={team.id} org={org} team={team} members={view.members} mayChange={mayChange} />
      ))}
    </Page>
  );
}
