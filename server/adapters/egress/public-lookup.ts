import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress, systemResolve, type Resolve } from './addresses.ts';

/** Why an address that a tenant typed is not called. */
export class NotPublicError extends Error {
  constructor(host: string) {
    super(`${host} does not lead to a public address. Only the operator may connect to it.`);
  }
}

/**
 * Addresses that a host typed by a tenant stands for, looked up once; whoever calls connects to these and to nothing else,
 * so that a name that leads elsewhere a moment later changes nothing. Empty where it stands for none. Throws NotPublicError
 * where one of them is not public, were it one of several.
 */
export async function publicAddresses(host: string, resolve: Resolve = systemResolve): Promise<string[]> {
  const found = isIP(host) === 0 ? await resolve(host) : [host];
  if (!found.every(isPublicAddress)) throw new NotPublicError(host);
  return found;
}

/** The same for Node's own clients, which connect to what it answers. */
export const publicLookup: LookupFunction = (host, options, done) => {
  publicAddresses(host).then(
    (found) => {
      const addresses = found.map((address) => ({ address, family: isIP(address) }));
      const [first] = addresses;
      if (!first) return done(Object.assign(new Error(`The name ${host} is not known.`), { code: 'ENOTFOUND' }), '', 0);
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    },
    (error: Error) => done(error, '', 0),
  );
};

/** Refuses what is not https, and an address in figures that is not public, which no look-up would see. */
export function refusePrivate(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'https:') throw new NotPublicError(url.origin);
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new NotPublicError(host);
}
