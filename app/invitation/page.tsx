import type { Metadata } from 'next';
import { InvitationPage } from '../../components/people/invitation-page.tsx';
import { PlainPage } from '../../components/ui/plain-page.tsx';
import { prepared } from '../prepared.tsx';
import { queryValue, type Query } from '../query.ts';

export const metadata: Metadata = { title: 'Invitation' };

export default async function Page({ searchParams }: { searchParams: Query }) {
  const secret = await queryValue(searchParams, 'secret');
  return prepared(
    `/invitation?secret=${encodeURIComponent(secret)}`,
    (trpc, load) => [load(trpc.me.get.queryOptions()), load(trpc.invitations.get.queryOptions({ secret }))],
    <PlainPage>
      <InvitationPage secret={secret} />
    </PlainPage>,
  );
}
