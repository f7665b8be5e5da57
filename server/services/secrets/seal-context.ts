import canonicalize from 'canonicalize';

type Bound = { orgId: string; id: string; places: string[]; header: string };

/** What a sealed secret is bound to: it opens in no other org, and for no other places or header than it was entered for. */
export function sealContext({ orgId, id, places, header }: Bound): string {
  return canonicalize(['network-secret', orgId, id, places, header])!;
}
