'use client';

import Link from 'next/link';
import { can, type Scope } from '../../server/domain/authz/scopes.ts';
import { Budgets } from '../budgets/budgets.tsx';
import { Page } from '../frame/page.tsx';
import { useCan, useOrg } from '../frame/use-org.ts';
import { PageHeader, Section } from '../ui/section.tsx';
import { ModelKey } from './model-key.tsx';
import { Models } from './models.tsx';
import { OrgName } from './org-name.tsx';
import { Repos } from './repos.tsx';
import { Sandboxes } from './sandboxes.tsx';
import { Secrets } from './secrets.tsx';

const morePages: readonly { path: string; title: string; scope: Scope }[] = [
  { path: 'members', title: 'Members and invitations', scope: 'org:read' },
  { path: 'roles', title: 'What each role may do', scope: 'org:read' },
  { path: 'keys', title: 'Service accounts and keys', scope: 'org:configure' },
];

export function SettingsPage({ org }: { org: string }) {
  const view = useOrg(org);
  const mayConfigure = useCan(org, 'org:configure');
  const mayConnect = useCan(org, 'repos:connect');
  if (!view) return null;
  const pages = morePages.filter(({ scope }) => can(view.role, scope));
  return (
    <Page>
      <PageHeader title="Settings" sub={`Of ${view.name}. Your role here: ${view.role}.`} />
      <Section title="Org">
        {mayConfigure && <OrgName org={org} name={view.name} />}
        <nav aria-label="More settings" className="flex flex-wrap gap-x-6 gap-y-2">
          {pages.map(({ path, title }) => (
            <Link key={path} href={`/${org}/settings/${path}`} className="text-accent underline underline-offset-2">
              {title}
            </Link>
          ))}
        </nav>
      </Section>
      <Section title="Model" className="pt-4">
        <ModelKey org={org} mayChange={mayConfigure} />
        <Models org={org} mayChange={mayConfigure} />
      </Section>
      <Section title="Budgets" className="pt-4">
        <Budgets org={org} mayChange={mayConfigure} />
      </Section>
      <Section title="Secrets" className="pt-4">
        <Secrets org={org} mayChange={mayConfigure} />
      </Section>
      <Section title="Sandboxes" className="pt-4">
        <Sandboxes org={org} mayChange={mayConfigure} />
      </Section>
      <Section title="Repos" className="pt-4">
        <Repos org={org} mayConnect={mayConnect} />
      </Section>
    </Page>
  );
}
