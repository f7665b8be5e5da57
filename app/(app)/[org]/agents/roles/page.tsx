import type { Metadata } from 'next';
import { RolesPage } from '../../../../../components/roles/roles-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Roles' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/agents/roles`,
    (trpc, load) => [load(trpc.roles.list.queryOptions({ org }))],
    <RolesPage org={org} />,
  );
}
