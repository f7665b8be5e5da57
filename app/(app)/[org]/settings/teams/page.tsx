import type { Metadata } from 'next';
import { TeamsPage } from '../../../../../components/teams/teams-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Teams' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings/teams`,
    (trpc, load) => [load(trpc.teams.list.queryOptions({ org }))],
    <TeamsPage org={org} />,
  );
}
