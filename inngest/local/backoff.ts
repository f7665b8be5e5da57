export type BackoffCurve = { baseMs: number; capMs: number };

/**
 * Milliseconds to wait after failure number `failures` (0 for the first): doubling up to the cap, of which the upper
 * half is drawn, so that runs that failed together do not come back together. `random` is in [0, 1).
 */
export function backoffMs(failures: number, curve: BackoffCurve, random: number): number {
  const full = Math.min(curve.capMs, curve.baseMs * 2 ** Math.min(failures, 30));
  return Math.round(full / 2 + (full / 2) * random);
}

/** Milliseconds a `retry-after` header asks for: whole seconds or a date. Null when there is none or it is neither. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined || header.trim() === '') return null;
  const until = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(until) ? Math.max(0, until) : null;
}
