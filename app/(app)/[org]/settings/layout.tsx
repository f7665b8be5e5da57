import type { ReactNode } from 'react';
import { SettingsNav } from '../../../../components/settings/settings-nav.tsx';
import { prepared } from '../../../prepared.tsx';

type Props = { children: ReactNode; params: Promise<{ org: string }> };

export default async function Layout({ children, params }: Props) {
  const { org } = await params;
  return prepared(
    { signedOut: children },
    (trpc, load) => [load(trpc.orgs.get.queryOptions({ org }))],
    <>
      <SettingsNav org={org} />
      {children}
    </>,
  );
}
