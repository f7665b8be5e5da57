import type { Metadata } from 'next';
import { RepoList } from '../../../../components/repos/repo-list.tsx';
import { prepared } from '../../../prepared.tsx';

export const metadata: Metadata = { title: 'Repos' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/repos`,
    (trpc, load) => [load(trpc.repos.list.queryOptions({ org })), load(trpc.environment.list.queryOptions({ org }))],
    <RepoList org={org} />,
  );
}
