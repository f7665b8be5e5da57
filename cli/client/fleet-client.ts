import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import superjson from 'superjson';
import type { AppRouter } from '../../server/api/root.ts';

export type FleetClient = ReturnType<typeof clientWith>;

/** The procedures over HTTP, every request with these headers. */
export function clientWith({ url, headers }: { url: string; headers: Record<string, string> }) {
  const api = `${url}/api/trpc`;
  class KnownEventSource extends EventSource {
    constructor(address: string | URL) {
      super(address, { fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } }) });
    }
  }
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url: api, transformer: superjson, EventSource: KnownEventSource }),
        false: httpBatchLink({ url: api, transformer: superjson, headers }),
      }),
    ],
  });
}
