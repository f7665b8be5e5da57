import type { Metadata } from 'next';
import { KeysPage } from '../../../../../components/keys/keys-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Keys' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings/keys`,
    (trpc, load) => [load(trpc.keys.list.queryOptions({ org }))],
    <KeysPage org={org} />,
  );
}
