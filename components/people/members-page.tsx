'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { useOrgChanges } from '../trpc/use-org-changes.ts';
import { plural } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';
import { Invitations } from './invitations.tsx';
import { InviteForm } from './invite-form.tsx';
import { MemberRow } from './member-row.tsx';

/** Who is in the org, as what, and whom it has invited. */
export function MembersPage({ org }: { org: string }) {
  const trpc = useTRPC();
  useOrgChanges(org);
  const { data: people, error } = useQuery(trpc.people.list.queryOptions({ org }));
  if (error && !people) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!people) return <ListSkeleton />;
  const mayInvite = people.gives.length > 0;
  return (
    <Page>
      <Crumb label="Members" />
      <PageHeader
        title="Members"
        sub={
          <>
            A change holds from the next request on; a page that a removed member has open ends within five seconds.{' '}
            <Link href={`/${org}/settings/roles`} className="text-accent underline underline-offset-2">
              What each role may do
            </Link>
          </>
        }
      />
      {mayInvite && (
        <Section title="Invite">
          <InviteForm org={org} gives={people.gives} />
        </Section>
      )}
      {people.invitations.length > 0 && (
        <Section title="Invited" aside={plural(people.invitations.length, 'open invitation')}>
          <Invitations org={org} invitations={people.invitations} />
        </Section>
      )}
      <Section title="In this org" aside={plural(people.members.length, 'member')}>
        <ul aria-label="Members" className="-mt-3 flex flex-col divide-y divide-line border-b border-line">
          {people.members.map((member) => (
            <MemberRow key={member.id} org={org} member={member} people={people} />
          ))}
        </ul>
      </Section>
    </Page>
  );
}
