import type { Metadata } from 'next';
import { AgentsPage } from '../../../../components/agents/agents-page.tsx';
import { prepared } from '../../../prepared.tsx';

export const metadata: Metadata = { title: 'Agents' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/agents`,
    (trpc, load) => [load(trpc.agents.list.queryOptions({ org }))],
    <AgentsPage org={org} />,
  );
}
