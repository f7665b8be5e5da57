import type { Metadata } from 'next';
import { DangerPage } from '../../../../../components/settings/danger-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Danger zone' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings/danger`,
    (trpc, load) => [load(trpc.people.list.queryOptions({ org }))],
    <DangerPage org={org} />,
  );
}
