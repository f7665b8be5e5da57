import type { Metadata } from 'next';
import Link from 'next/link';
import { InstallationPage } from '../../components/installation/installation-page.tsx';
import { PlainPage } from '../../components/ui/plain-page.tsx';
import { prepared } from '../prepared.tsx';

export const metadata: Metadata = { title: 'This installation' };

export default async function Page() {
  const back = (
    <Link href="/" className="text-sm text-accent hover:underline">
      To the board
    </Link>
  );
  return prepared(
    '/installation',
    (trpc, load) => [load(trpc.installation.get.queryOptions())],
    <PlainPage wide aside={back}>
      <InstallationPage />
    </PlainPage>,
  );
}
