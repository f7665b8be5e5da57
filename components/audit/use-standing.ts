'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTRPC, useTRPCClient } from '../trpc/context.ts';
import { useStream } from '../trpc/use-stream.ts';

const quietMs = 2_000;

/** How long the log is and when it was verified, asked again when something happens in the org. */
export function useStanding(org: string) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useStream(`standing:${org}`, true, (events) =>
    client.board.changes.subscribe(
      { org },
      {
        ...events,
        onData: () => {
          timer.current ??= setTimeout(() => {
            timer.current = undefined;
            void queries.invalidateQueries(trpc.audit.standing.queryFilter({ org }));
          }, quietMs);
        },
      },
    ),
  );
  return useQuery(trpc.audit.standing.queryOptions({ org })).data;
}

/** How many events the log has more than at that moment: what a list of then does not show. */
export function useNewEvents(org: string, since: number): number {
  const trpc = useTRPC();
  const events = useQuery(trpc.audit.standing.queryOptions({ org })).data?.events ?? 0;
  const [seen, setSeen] = useState({ since, events });
  if (seen.since !== since || seen.events === 0) {
    setSeen({ since, events });
    return 0;
  }
  return Math.max(0, events - seen.events);
}
