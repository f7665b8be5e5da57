import type { Metadata } from 'next';
import { AccessPage } from '../../../../../components/access/access-page.tsx';
import { prepared } from '../../../../prepared.tsx';
import { queryValue, type Query } from '../../../../query.ts';

export const metadata: Metadata = { title: 'Access' };

type Props = { params: Promise<{ org: string }>; searchParams: Query };

export default async function Page({ params, searchParams }: Props) {
  const { org } = await params;
  const repo = await queryValue(searchParams, 'repo');
  const role = await queryValue(searchParams, 'role');
  const other = await queryValue(searchParams, 'other');
  return prepared(
    `/${org}/agents/access`,
    (trpc, load) => [load(trpc.repos.list.queryOptions({ org })), load(trpc.roles.list.queryOptions({ org }))],
    <AccessPage org={org} repo={repo} role={role} other={other} />,
  );
}
