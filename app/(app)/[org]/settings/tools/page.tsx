import type { Metadata } from 'next';
import { ToolsPage } from '../../../../../components/tools/tools-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Tools' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings/tools`,
    (trpc, load) => [load(trpc.tools.get.queryOptions({ org })), load(trpc.repos.list.queryOptions({ org }))],
    <ToolsPage org={org} />,
  );
}
