import type { Metadata } from 'next';
import { SettingsPage } from '../../../../components/settings/settings-page.tsx';
import { prepared } from '../../../prepared.tsx';

export const metadata: Metadata = { title: 'Settings' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings`,
    (trpc, load) => [load(trpc.settings.model.queryOptions({ org })), load(trpc.repos.list.queryOptions({ org }))],
    <SettingsPage org={org} />,
  );
}
