'use client';

import { Budgets } from '../budgets/budgets.tsx';
import { Page } from '../frame/page.tsx';
import { useCan, useOrg } from '../frame/use-org.ts';
import { PageHeader, Section } from '../ui/section.tsx';
import { ModelKey } from './model-key.tsx';
import { Models } from './models.tsx';
import { Repos } from './repos.tsx';
import { Secrets } from './secrets.tsx';

export function SettingsPage({ org }: { org: string }) {
  const view = useOrg(org);
  const mayConfigure = useCan(org, 'org:configure');
  const mayConnect = useCan(org, 'repos:connect');
  if (!view) return null;
  return (
    <Page>
      <PageHeader title="Settings" sub={`Of ${view.name}. Your role here: ${view.role}.`} />
      <Section title="Model">
        <ModelKey org={org} mayChange={mayConfigure} />
        <Models org={org} mayChange={mayConfigure} />
      </Section>
      <Section title="Budgets" className="pt-4">
        <Budgets org={org} mayChange={mayConfigure} />
      </Section>
      <Section title="Secrets" className="pt-4">
        <Secrets org={org} mayChange={mayConfigure} />
      </Section>
      <Section title="Repos" className="pt-4">
        <Repos org={org} mayConnect={mayConnect} />
      </Section>
    </Page>
  );
}
