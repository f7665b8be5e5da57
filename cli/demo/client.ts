import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import superjson from 'superjson';
import type { AppRouter } from '../../server/api/root.ts';

export type FleetClient = ReturnType<typeof fleetClient>;

/** A browser's calls without the browser: the same procedures over HTTP, with a session cookie. */
export function fleetClient({ url, cookie }: { url: string; cookie: string }) {
  const api = `${url}/api/trpc`;
  const origin = new URL(url).origin;
  class SignedInEventSource extends EventSource {
    constructor(address: string | URL) {
      super(address, { fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, cookie } }) });
    }
  }
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url: api, transformer: superjson, EventSource: SignedInEventSource }),
        false: httpBatchLink({ url: api, transformer: superjson, headers: { cookie, origin } }),
      }),
    ],
  });
}
