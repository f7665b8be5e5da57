'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import type { LogWordsView } from '../../server/domain/views/audit-views.ts';
import { Page } from '../frame/page.tsx';
import { useTRPC } from '../trpc/context.ts';
import { useRowKeys } from '../ui/row-keys.ts';
import { PageHeader, Section } from '../ui/section.tsx';
import { ChainLight } from './chain-light.tsx';
import { EvidenceOfPeriod } from './evidence-of-period.tsx';
import { ExportLog } from './export-log.tsx';
import { FilterLine } from './filter-line.tsx';
import { FoundEvents } from './found-events.tsx';
import { LinkedEvent } from './linked-event.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { useStanding } from './use-standing.ts';
import { Verify } from './verify.tsx';

/** What is shown at first: runs write a hundred events for each of the org's own. */
const firstFilter = 'log:org';
const noWords: LogWordsView = { kinds: [], actors: [], repos: [], tasks: [] };

/** The log: whether it is whole, what is in it, and the ways to take it elsewhere. */
export function AuditPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const asked = useSearchParams();
  const filter = asked.get('q') ?? firstFilter;
  const event = asked.get('event');
  const standing = useStanding(org);
  const words = useQuery(trpc.audit.words.queryOptions({ org }, { staleTime: 60_000 })).data ?? noWords;
  const search = (next: string) =>
    router.push(`/${org}/audit?${new URLSearchParams({ q: next }).toString()}`, { scroll: false });
  useRowKeys();
  return (
    <Page>
      <PageHeader
        title="Audit"
        sub={
          <>
            Every event of the org and its runs, each chained to the one before by its hash, all under a signed head. A
            file that was exported is checked by{' '}
            <Link href="/verify" className="text-accent underline">
              anybody, in a browser
            </Link>
            .
          </>
        }
        actions={<ChainLight standing={standing} />}
      />
      <Verify org={org} />
      {event !== null && <LinkedEvent key={event} org={org} place={event} />}
      <Section title="Evidence of a period" aside="Changes and runs have their own, on their pages">
        <EvidenceOfPeriod org={org} />
      </Section>
      <Section title="Events" aside={<ExportLog org={org} filter={filter} />}>
        <FilterLine key={filter} value={filter} words={words} onSearch={search} />
        <SavedFilters org={org} filter={filter} onChoose={search} />
        <FoundEvents key={filter} org={org} filter={filter} />
      </Section>
    </Page>
  );
}
