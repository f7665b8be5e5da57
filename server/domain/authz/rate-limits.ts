/** Calls in one minute, counted for each of these that a call belongs to. */
export const ratesPerMinute = { key: 300, member: 1_500, org: 6_000 } as const;
export type RateKind = keyof typeof ratesPerMinute;

export const rateWindowMs = 60_000;

/** Where one caller stands: what is left of the tightest limit, and in how many seconds it begins anew. */
export type RateStanding = { limit: number; remaining: number; resetSeconds: number };

type Counted = { kind: RateKind; count: number };

/** The limit that is nearest, and whether one of them is passed. `now` and `windowStart` in milliseconds. */
export function rateStanding(counted: Counted[], { now, windowStart }: { now: number; windowStart: number }) {
  const resetSeconds = Math.max(1, Math.ceil((windowStart + rateWindowMs - now) / 1_000));
  const each = counted.map(({ kind, count }) => ({ limit: ratesPerMinute[kind], left: ratesPerMinute[kind] - count }));
  const tightest = each.reduce((a, b) => (b.left < a.left ? b : a));
  const standing: RateStanding = { limit: tightest.limit, remaining: Math.max(0, tightest.left), resetSeconds };
  return { standing, passed: tightest.left < 0 };
}

/** The header fields that say so: draft-ietf-httpapi-ratelimit-headers, in the form of one field a figure. */
export function rateHeaders({ limit, remaining, resetSeconds }: RateStanding, passed: boolean): Record<string, string> {
  const fields = {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
  };
  return passed ? { ...fields, 'retry-after': String(resetSeconds) } : fields;
}
