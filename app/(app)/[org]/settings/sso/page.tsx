import type { Metadata } from 'next';
import { SsoPage } from '../../../../../components/sso/sso-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Single sign-on' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings/sso`,
    (trpc, load) => [load(trpc.sso.get.queryOptions({ org }))],
    <SsoPage org={org} />,
  );
}
