import type { Metadata } from 'next';
import { ChangeList } from '../../../../components/changes/change-list.tsx';
import { prepared } from '../../../prepared.tsx';

export const metadata: Metadata = { title: 'Changes' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/changes`,
    (trpc, load) => [load(trpc.changes.list.queryOptions({ org }))],
    <ChangeList org={org} />,
  );
}
