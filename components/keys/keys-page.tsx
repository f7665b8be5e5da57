'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Empty } from '../ui/empty.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';
import { AddAccount } from './add-account.tsx';
import { KeyList } from './key-list.tsx';
import { MakeKey } from './make-key.tsx';
import { RetireAccount } from './retire-account.tsx';

/** The org's service accounts, and the keys by which programs act as them. */
export function KeysPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const { data: accounts, error } = useQuery(trpc.keys.list.queryOptions({ org }));
  if (error && !accounts) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!accounts) return <ListSkeleton />;
  return (
    <Page>
      <Crumb label="Keys" />
      <PageHeader
        title="Service accounts and keys"
        sub="A service account is an identity for a program. It acts by its keys, each with rights and an end of its own. No key can decide approvals, invite people or change settings."
      />
      <AddAccount org={org} />
      {accounts.length === 0 && (
        <Empty icon={KeyRound} title="There is no service account yet">
          Add one for a program that files tasks or reads what became of them, such as the command line.
        </Empty>
      )}
      {accounts.map((account) => (
        <Section
          key={account.id}
          title={<span className="foreign">{account.name}</span>}
          aside={account.retiredAt === null ? <RetireAccount org={org} account={account} /> : 'Retired'}
        >
          <KeyList org={org} keys={account.keys} retired={account.retiredAt !== null} />
          {account.retiredAt === null && <MakeKey org={org} account={account} />}
        </Section>
      ))}
    </Page>
  );
}
