'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dayOf } from '../../server/domain/orgs/org-deletion.ts';
import type { OrgView } from '../../server/domain/views/views.ts';
import type { PeopleView } from '../../server/domain/views/people-views.ts';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useOrg } from '../frame/use-org.ts';
import { RemoveMember } from '../people/remove-member.tsx';
import { TransferOrg } from '../people/transfer-org.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { DeleteOrg } from './delete-org.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';

/** What cannot simply be taken back. */
export function DangerPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const view = useOrg(org);
  const { data: people, error } = useQuery(trpc.people.list.queryOptions({ org }));
  if (error && !people) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!people) return <ListSkeleton />;
  const you = people.members.find(({ isYou }) => isYou);
  const lastOwner = you?.role === 'owner' && people.owners === 1;
  return (
    <Page>
      <Crumb label="Danger zone" />
      <PageHeader title="Danger zone" sub="What cannot simply be taken back. Each is an event of the audit log." />
      {you?.role === 'owner' && (
        <Section title="Hand the org over">
          <HandOver org={org} people={people} />
        </Section>
      )}
      {you && (
        <Section title="Leave the org">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="text-ink-2">
              {lastOwner
                ? 'You are its last owner. Hand it over first: the last owner cannot leave.'
                : 'You see nothing of it any more until somebody invites you again.'}
            </p>
            {!lastOwner && <RemoveMember org={org} member={you} />}
          </div>
        </Section>
      )}
      {view && <End org={view} />}
    </Page>
  );
}

/** For owners the way to delete the org; for everybody else that it is about to go. */
function End({ org }: { org: OrgView }) {
  const { role, deletion } = org;
  if (role === 'owner') {
    return (
      <Section title="Delete the org">
        <DeleteOrg org={org} />
      </Section>
    );
  }
  if (deletion === null) return null;
  return (
    <Notice look="warn" title="This org is about to be deleted">
      {deletion.by} asked for it. All of it goes on {dayOf(new Date(deletion.dueAt))}, unless one of its owners undoes
      that before.
    </Notice>
  );
}

function HandOver({ org, people: { members } }: { org: string; people: PeopleView }) {
  const others = members.filter(({ isYou, role }) => !isYou && role !== 'owner');
  const [chosen, setChosen] = useState('');
  const member = others.find(({ id }) => id === chosen);
  if (others.length === 0) {
    return (
      <p className="text-ink-2">There is nobody to hand it to. Invite somebody first, or see who owns it with you.</p>
    );
  }
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Field label="To" className="min-w-56">
        {(wiring) => (
          <Select {...wiring} value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="">Choose a member</option>
            {others.map(({ id, email }) => (
              <option key={id} value={id}>
                {email}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {member && <TransferOrg org={org} member={member} />}
    </div>
  );
}
