const dayMs = 86_400_000;

/**
 * What a month comes to when it goes on as it has so far, in µ$; null on its first day, which says nothing yet. `spent` is
 * what the calendar month (UTC) of `now` has cost.
 */
export function forecastMicros({ spent, now }: { spent: number; now: Date }): number | null {
  const from = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const until = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  const passed = now.getTime() - from;
  return passed < dayMs ? null : Math.round((spent * (until - from)) / passed);
}
