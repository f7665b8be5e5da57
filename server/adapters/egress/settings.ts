import type { Mirrors } from '../../domain/network/registries.ts';
import { systemResolve, type Resolve } from './addresses.ts';

/** What an installation's operator says about the network its sandboxes stand in. Never a tenant's word. */
export type EgressSettings = {
  /** Own copies of package registries. Their hosts may have private addresses. */
  mirrors: Mirrors;
  /** `http://[user:password@]proxy:port` through which everything has to go; null: straight out. */
  upstream: string | null;
  /** PEM text of certificate authorities to trust besides the public ones; null: none. */
  extraCa: string | null;
  /** Names that may have private addresses. A rule still has to open them. */
  internalHosts: string[];
  resolve: Resolve;
};

export const directEgress: EgressSettings = {
  mirrors: {},
  upstream: null,
  extraCa: null,
  internalHosts: [],
  resolve: systemResolve,
};

/** Hosts whose addresses the operator vouches for. */
export function vouchedHosts({ mirrors, internalHosts }: EgressSettings): Set<string> {
  const mirrored = Object.values(mirrors).map((url) => new URL(url).hostname);
  return new Set([...internalHosts, ...mirrored]);
}
