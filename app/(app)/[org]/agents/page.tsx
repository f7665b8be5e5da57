import type { Metadata } from 'next';
import { AgentsPage } from '../../../../components/agents/agents-page.tsx';
import { prepared } from '../../../prepared.tsx';
import { queryValue, type Query } from '../../../query.ts';

export const metadata: Metadata = { title: 'Agents' };

type Props = { params: Promise<{ org: string }>; searchParams: Query };

export default async function Page({ params, searchParams }: Props) {
  const { org } = await params;
  const history = await queryValue(searchParams, 'history');
  return prepared(
    `/${org}/agents`,
    (trpc, load) => [load(trpc.agents.list.queryOptions({ org }))],
    <AgentsPage org={org} history={history} />,
  );
}
