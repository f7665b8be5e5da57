'use client';

import { useQuery } from '@tanstack/react-query';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useCan } from '../frame/use-org.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Notice } from '../ui/notice.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';
import { AddRole } from './add-role.tsx';
import { Role } from './role.tsx';

/** What agents are for and what they may write, as versions; and what the catalogue has besides. */
export function RolesPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const mayChange = useCan(org, 'org:configure');
  const { data, error } = useQuery(trpc.roles.list.queryOptions({ org }));
  if (error && !data) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!data) return <ListSkeleton />;
  return (
    <Page>
      <Crumb label="Roles" />
      <PageHeader
        title="Roles"
        sub="What an agent is for, what it may write and reach, and what a run of it may spend. Runs that begin from now on have the newest version; what it refuses more reaches those under way at their next action."
      />
      {!mayChange && <Notice>Owners and admins can change roles.</Notice>}
      {data.roles.length === 0 && <p className="text-ink-2">There is no role yet. Take the starter roles first.</p>}
      {data.roles.map((role) => (
        <Role
          key={role.name}
          others={data.roles.filter(({ name }) => name !== role.name)}
          {...{ org, role, mayChange }}
        />
      ))}
      {data.offered.length > 0 && (
        <Section title="From the catalogue" className="pt-4">
          <ul className="flex flex-col divide-y divide-line">
            {data.offered.map(({ name, title, purpose, writes }) => (
              <li key={name} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 py-3">
                <div className="min-w-0 flex-1 basis-72">
                  <h3 className="font-medium">{title}</h3>
                  <p className="max-w-[76ch] text-sm text-ink-2">{purpose}</p>
                  <p className="text-sm text-ink-3">Writes {writes}.</p>
                </div>
                {mayChange && <AddRole org={org} from={{ kind: 'catalogue', name }} title={title} suggested={name} />}
              </li>
            ))}
          </ul>
          <p className="max-w-[76ch] text-sm text-ink-3">
            Taking one hires an agent into it. The pipeline of a task asks for a developer and a code reviewer so far;
            other roles work where a stage names them.
          </p>
        </Section>
      )}
    </Page>
  );
}
