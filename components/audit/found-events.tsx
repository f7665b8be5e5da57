'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { useCallback, type ReactNode } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { plural } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { Queued } from '../ui/queued.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';
import { Ago } from '../ui/time.tsx';
import { LogList } from './log-list.tsx';
import { useNewEvents } from './use-standing.ts';

/** What passes the filter, the newest first; more comes as a person scrolls. */
export function FoundEvents({ org, filter }: { org: string; filter: string }) {
  const trpc = useTRPC();
  const search = useInfiniteQuery(
    trpc.audit.search.infiniteQueryOptions(
      { org, filter },
      { getNextPageParam: ({ next }) => next, initialCursor: null, staleTime: Infinity, meta: { still: true } },
    ),
  );
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = search;
  const fresh = useNewEvents(org, search.dataUpdatedAt);
  const onEnd = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [isFetching, fetchNextPage]);
  const refused = error && (
    <Notice look="bad" title="The log was not searched">
      {errorText(error)}
    </Notice>
  );
  if (!data) return refused ?? <ListSkeleton />;
  const events = data.pages.flatMap((page) => page.events);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {refused}
      <Queued moves={fresh} onApply={() => void refetch()} />
      {events.length > 0 && <LogList org={org} events={events} whole={!hasNextPage} onEnd={onEnd} />}
      {events.length === 0 && !hasNextPage && (
        <Empty icon={SearchX} title="No event passes this filter">
          Take a word of it away, or look in all logs: without log:org the events of runs are searched too.
        </Empty>
      )}
      <Reach found={events.length} reached={data.pages.at(-1)?.reached ?? null}>
        {hasNextPage && (
          <Button size="small" busy={isFetching} onClick={() => void fetchNextPage()}>
            Search further back
          </Button>
        )}
      </Reach>
    </div>
  );
}

/** How much was found, and how far back that is looked for. */
function Reach({ found, reached, children }: { found: number; reached: string | null; children: ReactNode }) {
  return (
    <div role="status" className="flex flex-wrap items-center gap-3 text-sm text-ink-3">
      <span>
        {plural(found, 'event')} found{reached === null ? ', in the whole log' : ', down to '}
        {reached !== null && <Ago at={reached} />}
      </span>
      {children}
    </div>
  );
}
