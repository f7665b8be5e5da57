import type { Metadata } from 'next';
import { PolicyPage } from '../../../../../components/policy/policy-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Policy' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings/policy`,
    (trpc, load) => [load(trpc.orgs.get.queryOptions({ org }))],
    <PolicyPage org={org} />,
  );
}
