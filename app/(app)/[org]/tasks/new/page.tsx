import type { Metadata } from 'next';
import { Composer } from '../../../../../components/tasks/composer.tsx';
import { prepared } from '../../../../prepared.tsx';
import { queryValue, type Query } from '../../../../query.ts';

export const metadata: Metadata = { title: 'New task' };

type Props = { params: Promise<{ org: string }>; searchParams: Query };

export default async function Page({ params, searchParams }: Props) {
  const { org } = await params;
  const repo = await queryValue(searchParams, 'repo');
  const suggest = (await queryValue(searchParams, 'suggest')) !== '';
  return prepared(
    `/${org}/tasks/new`,
    (trpc, load) => [
      load(trpc.repos.list.queryOptions({ org })).then((repos) => {
        const repoId = (repos.find((each) => each.id === repo) ?? repos[0])?.id;
        return repoId ? load(trpc.tasks.suggest.queryOptions({ org, repoId })) : null;
      }),
    ],
    <Composer org={org} repo={repo} suggest={suggest} />,
  );
}
