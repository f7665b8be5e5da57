'use client';

import { Budgets } from '../budgets/budgets.tsx';
import { Page } from '../frame/page.tsx';
import { useCan, useOrg } from '../frame/use-org.ts';
import { PageHeader, Section } from '../ui/section.tsx';
import { ModelKey } from './model-key.tsx';
import { Models } from './models.tsx';
import { OrgName } from './org-name.tsx';
import { Repos } from './repos.tsx';
import { Sandboxes } from './sandboxes.tsx';

export function SettingsPage({ org }: { org: string }) {
  const view = useOrg(org);
  const mayConfigure = useCan(org, 'org:configure');
  const mayConnect = useCan(org, 'repos:connect');
  if (!view) return null;
  return (
    <Page>
      <PageHeader title="Settings" sub={`Of ${view.name}. Your role here: ${view.role}.`} />
      {mayConfigure && (
        <Section title="Org">
          <OrgName org={org} name={view.name} />
        </Section>
      )}
      <Section title="Model" className="pt-4">
        <ModelKey org={org} mayChange={mayConfigure} />
        <Models org={org} mayChange={mayConfigure} />
      </Section>
      <Section title="Budgets" className="pt-4">
        <Budgets org={org} mayChange={mayConfigure} />
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
