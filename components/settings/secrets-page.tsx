'use client';

import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useCan } from '../frame/use-org.ts';
import { PageHeader, Section } from '../ui/section.tsx';
import { Secrets } from './secrets.tsx';

/** What the proxies of sandboxes put into requests; nobody is shown one again. */
export function SecretsPage({ org }: { org: string }) {
  const mayChange = useCan(org, 'org:configure');
  return (
    <Page>
      <Crumb label="Secrets" />
      <PageHeader title="Secrets" sub="For the sandboxes of runs and set-ups. The key of the model is under General." />
      <Section title="Secrets of this org">
        <Secrets org={org} mayChange={mayChange} />
      </Section>
    </Page>
  );
}
