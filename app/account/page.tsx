import type { Metadata } from 'next';
import Link from 'next/link';
import { AccountPage } from '../../components/account/account-page.tsx';
import { PlainPage } from '../../components/ui/plain-page.tsx';
import { prepared } from '../prepared.tsx';

export const metadata: Metadata = { title: 'Your account' };

export default async function Page() {
  const back = (
    <Link href="/" className="text-sm text-accent hover:underline">
      To the board
    </Link>
  );
  return prepared(
    '/account',
    (trpc, load) => [load(trpc.me.get.queryOptions()), load(trpc.sessions.list.queryOptions())],
    <PlainPage wide aside={back}>
      <AccountPage />
    </PlainPage>,
  );
}
