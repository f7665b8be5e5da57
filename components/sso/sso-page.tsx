'use client';

import { useQuery } from '@tanstack/react-query';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Notice } from '../ui/notice.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';
import { Domains } from './domains.tsx';
import { ProviderForm } from './provider-form.tsx';
import { RequireSso } from './require-sso.tsx';

/** How the people of an org sign in: its domains, its identity provider, and whether there is another way in. */
export function SsoPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const { data: sso, error } = useQuery(trpc.sso.get.queryOptions({ org }));
  if (error && !sso) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!sso) return <ListSkeleton />;
  return (
    <Page>
      <Crumb label="Single sign-on" />
      <PageHeader
        title="Single sign-on"
        sub="Prove that a mail domain is yours, name your identity provider, and, if you like, leave no other way into the org. It signs in people with an address of your domains, and nobody else."
      />
      <Section title="Domains">
        <Domains org={org} domains={sso.domains} />
      </Section>
      <Section title="Identity provider">
        <ProviderForm org={org} sso={sso} />
      </Section>
      {sso.provider !== null && (
        <Section title="Only by single sign-on">
          <RequireSso org={org} sso={sso} />
        </Section>
      )}
    </Page>
  );
}
