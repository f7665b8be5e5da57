'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useCan } from '../frame/use-org.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHeader } from '../ui/section.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';
import { EditWebhook } from './edit-webhook.tsx';
import { Webhook } from './webhook.tsx';

const watchMs = 3_000;

/** Where the org's log is sent as it grows, and what could not be delivered. */
export function WebhooksPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const [adding, setAdding] = useState(false);
  const mayChange = useCan(org, 'org:configure');
  const { data, error } = useQuery(
    trpc.webhooks.get.queryOptions(
      { org },
      { refetchInterval: ({ state }) => (state.data?.some(({ waiting }) => waiting > 0) ? watchMs : false) },
    ),
  );
  if (error && !data) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!data) return <ListSkeleton />;
  const add = (
    <Button look="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      Add a webhook
    </Button>
  );
  return (
    <Page>
      <Crumb label="Webhooks" />
      <PageHeader
        title="Webhooks"
        sub="Addresses to which the org’s log is sent as it grows: events, signed heads, or both. Each message is signed and sent until it is taken; secrets that Fleet recognised are not in it."
        actions={mayChange && data.length > 0 && add}
      />
      {data.length === 0 && (
        <Empty icon={WebhookIcon} title="There is no webhook yet" action={mayChange && add}>
          A webhook brings what happens here to a system of your own within two minutes, such as one that keeps logs or
          sends alarms. One that gets signed heads is a witness that nobody wrote the log anew.
        </Empty>
      )}
      {data.map((webhook) => (
        <Webhook key={webhook.id} org={org} webhook={webhook} mayChange={mayChange} />
      ))}
      {!mayChange && <Notice>Owners and admins can change webhooks.</Notice>}
      {adding && <EditWebhook org={org} webhook={null} onClose={() => setAdding(false)} />}
    </Page>
  );
}
