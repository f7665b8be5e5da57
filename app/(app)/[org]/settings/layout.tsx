import type { ReactNode } from 'react';
import { SettingsNav } from '../../../../components/settings/settings-nav.tsx';

type Props = { children: ReactNode; params: Promise<{ org: string }> };

export default async function Layout({ children, params }: Props) {
  const { org } = await params;
  return (
    <>
      <SettingsNav org={org} />
      {children}
    </>
  );
}
