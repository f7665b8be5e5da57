import type { Metadata } from 'next';
import { MembersPage } from '../../../../../components/people/members-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Members' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings/members`,
    (trpc, load) => [load(trpc.people.list.queryOptions({ org }))],
    <MembersPage org={org} />,
  );
}
