import type { Metadata } from 'next';
import Link from 'next/link';
import { Outbox } from '../../components/outbox/outbox.tsx';
import { PlainPage } from '../../components/ui/plain-page.tsx';
import { prepared } from '../prepared.tsx';

export const metadata: Metadata = { title: 'Mail' };

export default async function Page() {
  const back = (
    <Link href="/" className="text-sm text-accent hover:underline">
      To the board
    </Link>
  );
  return prepared(
    '/outbox',
    (trpc, load) => [load(trpc.installation.outbox.queryOptions())],
    <PlainPage wide aside={back}>
      <Outbox />
    </PlainPage>,
  );
}
