import type { Metadata } from 'next';
import { WebhooksPage } from '../../../../../components/webhooks/webhooks-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Webhooks' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings/webhooks`,
    (trpc, load) => [load(trpc.webhooks.get.queryOptions({ org }))],
    <WebhooksPage org={org} />,
  );
}
