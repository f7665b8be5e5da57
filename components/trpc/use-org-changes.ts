'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTRPCClient } from './context.ts';
import { shareStream } from './share-stream.ts';
import { useStream } from './use-stream.ts';

const quietMs = 500;
const slowMs = 5_000;

/** Options of a query whose answer is large: asked again at most every five seconds, and while `live` every fifteen anyway. */
export function slow(live: boolean) {
  return { meta: { slow: true }, refetchInterval: live ? 15_000 : (false as const) };
}

/** Options of a query that something else keeps up to date: it is asked once. */
export const once = {
  meta: { once: true },
  staleTime: Infinity,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
};

/** Asks again for everything this page shows of the org whenever something happened in it. */
export function useOrgChanges(org: string, enabled = true): void {
  const client = useTRPCClient();
  const refresh = useRefreshOrg();
  const name = `changes:${org}`;
  useStream(name, enabled, (handlers) =>
    shareStream(name, {
      handlers,
      open: (all) => client.board.changes.subscribe({ org }, all),
      onData: () => refresh(),
      onJoined: refresh,
    }),
  );
}

/** Asks again for what is on screen: at once when it was quiet, else once per `quietMs`. */
export function useRefreshOrg(): () => void {
  const queryClient = useQueryClient();
  const state = useRef({ last: 0, timer: undefined as ReturnType<typeof setTimeout> | undefined });
  useEffect(() => {
    const { current } = state;
    return () => clearTimeout(current.timer);
  }, []);
  return () => {
    const { current } = state;
    if (current.timer) return;
    const wait = Math.max(0, current.last + quietMs - performance.now());
    current.timer = setTimeout(() => {
      current.timer = undefined;
      current.last = performance.now();
      const fresh = Date.now() - slowMs;
      void queryClient.invalidateQueries({
        refetchType: 'active',
        predicate: ({ meta, state }) => !meta?.once && (!meta?.slow || state.dataUpdatedAt < fresh),
      });
    }, wait);
  };
}
