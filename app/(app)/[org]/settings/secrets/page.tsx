import type { Metadata } from 'next';
import { SecretsPage } from '../../../../../components/settings/secrets-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Secrets' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings/secrets`,
    (trpc, load) => [load(trpc.secrets.list.queryOptions({ org })), load(trpc.repos.list.queryOptions({ org }))],
    <SecretsPage org={org} />,
  );
}
