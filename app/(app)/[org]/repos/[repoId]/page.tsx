import type { Metadata } from 'next';
import { RepoPage } from '../../../../../components/repos/repo-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Repo' };

export default async function Page({ params }: { params: Promise<{ org: string; repoId: string }> }) {
  const { org, repoId } = await params;
  return prepared(
    `/${org}/repos/${repoId}`,
    (trpc, load) => [load(trpc.environment.get.queryOptions({ org, repoId }))],
    <RepoPage org={org} repoId={repoId} />,
  );
}
