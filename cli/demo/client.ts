import { clientWith, type FleetClient } from '../client/fleet-client.ts';

export type { FleetClient };

/** A browser's calls without the browser: the same procedures over HTTP, with a session cookie. */
export function fleetClient({ url, cookie }: { url: string; cookie: string }): FleetClient {
  return clientWith({ url, headers: { cookie, origin: new URL(url).origin } });
}
