const units = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
const spans = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/**
 * Milliseconds to sleep: the SDK writes a span ("1d2h30m", empty for none) or a date. Null when the text is neither.
 * A date that has passed is 0.
 */
export function sleepMs(text: string, now: Date): number | null {
  const found = spans.exec(text);
  if (found !== null) {
    const sizes = Object.values(units);
    return sizes.reduce((sum, size, index) => sum + Number(found[index + 1] ?? 0) * size, 0);
  }
  const date = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}
