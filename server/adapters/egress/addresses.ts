import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** Addresses a name stands for, the preferred first. Empty where it stands for none. */
export type Resolve = (host: string) => Promise<string[]>;

export const systemResolve: Resolve = async (host) => {
  const found = await lookup(host, { all: true, verbatim: true }).catch(() => []);
  return found.map(({ address }) => address);
};

/**
 * Whether an address belongs to the public Internet: not to this machine, a private or link-local network, a metadata
 * service, and not to a range that carries another address inside (mapped, NAT64, 6to4, Teredo). Unknown is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  // Of IPv6 only 2000::/3 has been given out; the rest of what counts as unicast is nobody's.
  return parsed.kind() === 'ipv4' || (parsed.toByteArray()[0]! & 0xe0) === 0x20;
}
