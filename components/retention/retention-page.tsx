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
import { Holds } from './holds.tsx';
import { KeptFor } from './kept-for.tsx';

/** How long payloads of the log are kept, and what holds them. */
export function RetentionPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const mayChange = useCan(org, 'audit:erase');
  const { data, error } = useQuery(trpc.retention.get.queryOptions({ org }));
  if (error && !data) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!data) return <ListSkeleton />;
  const whole = data.holds.find(({ runId }) => runId === null);
  return (
    <Page>
      <Crumb label="Retention" />
      <PageHeader
        title="Retention"
        sub="What the log says can be kept for a time only. The events themselves stay, with a signed tombstone in the place of what they said, so the log still verifies."
      />
      {whole && (
        <Notice look="warn" title="Nothing is erased: a legal hold keeps all of the org">
          {whole.reason}
        </Notice>
      )}
      <Section title="Kept for" aside="What is over goes within the hour, at 41 minutes past">
        <ul className="flex flex-col divide-y divide-line">
          {data.kinds.map((kept) => (
            <KeptFor key={kept.kind} org={org} kept={kept} floor={data.floor} mayChange={mayChange} held={!!whole} />
          ))}
        </ul>
      </Section>
      <Section title="Legal holds" aside="What is held is erased by nobody, until the hold is lifted">
        <Holds org={org} holds={data.holds} mayChange={mayChange} />
      </Section>
    </Page>
  );
}
