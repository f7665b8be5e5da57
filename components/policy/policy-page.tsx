'use client';

import { useQuery } from '@tanstack/react-query';
import { SmokeTest } from '../access/smoke-test.tsx';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useCan } from '../frame/use-org.ts';
import { OpenProposals } from '../proposals/proposals-panel.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { PolicyVersions } from './policy-versions.tsx';
import { WaitingDrafts } from './waiting-drafts.tsx';

/** What agents of the org may do: the policy as text and in words, and all its versions. */
export function PolicyPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const mayChange = useCan(org, 'org:configure');
  const { data: policy, error } = useQuery(trpc.policy.get.queryOptions({ org }));
  return (
    <Page>
      <Crumb label="Policy" />
      <PageHeader
        title="Policy"
        sub="What agents may do in this org. What is stricter in a new version holds for running agents from their next action on; what is looser, for runs that start later."
        actions={<ButtonLink href={`/${org}/agents/access`}>What agents may do</ButtonLink>}
      />
      {error && <Notice look="bad">The policy cannot be shown now: {errorText(error)}</Notice>}
      {!policy && !error && <Bone className="h-64" />}
      {policy && (
        <>
          <Section title={`Version ${policy.version}`}>
            <PolicyEditor key={policy.version} org={org} policy={policy} mayChange={mayChange} />
          </Section>
          <WaitingDrafts org={org} policy={policy} />
          <OpenProposals org={org} />
          <Section title="Smoke test" className="pt-4">
            <SmokeTest org={org} />
          </Section>
          <Section title="Versions" className="pt-4">
            <PolicyVersions org={org} policy={policy} mayChange={mayChange} />
          </Section>
        </>
      )}
    </Page>
  );
}
