import type { Metadata } from 'next';
import { ChangePage } from '../../../../../components/changes/change-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Change' };

export default async function Page({ params }: { params: Promise<{ org: string; changeId: string }> }) {
  const { org, changeId } = await params;
  return prepared(
    `/${org}/changes/${changeId}`,
    (trpc, load) => [load(trpc.changes.get.queryOptions({ org, changeId }))],
    <ChangePage org={org} changeId={changeId} />,
  );
}
