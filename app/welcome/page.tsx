import type { Metadata } from 'next';
import { PersonMenu } from '../../components/frame/person-menu.tsx';
import { PlainPage } from '../../components/ui/plain-page.tsx';
import { Welcome } from '../../components/welcome/welcome.tsx';
import { prepared } from '../prepared.tsx';
import { queryValue, type Query } from '../query.ts';

export const metadata: Metadata = { title: 'Set up' };

export default async function Page({ searchParams }: { searchParams: Query }) {
  const org = (await queryValue(searchParams, 'org')) || null;
  return prepared(
    '/welcome',
    (trpc, load) => [
      load(trpc.me.get.queryOptions()),
      ...(org === null
        ? []
        : [
            load(trpc.orgs.get.queryOptions({ org })),
            load(trpc.repos.list.queryOptions({ org })),
            load(trpc.starters.get.queryOptions({ org })),
          ]),
    ],
    <PlainPage wide aside={<PersonMenu />}>
      <Welcome org={org} />
    </PlainPage>,
  );
}
