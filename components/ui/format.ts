const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', minimumFractionDigits: 2 });
const fine = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', minimumFractionDigits: 4 });
const plain = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** µ$ as dollars. Under a cent four decimals, so that a cheap turn does not read as free. */
export function money(micros: number): string {
  const amount = micros / 1_000_000;
  return amount !== 0 && Math.abs(amount) < 0.01 ? fine.format(amount) : dollars.format(amount);
}

export function count(value: number): string {
  return plain.format(value);
}

/** 1234567 → 1.2M. */
export function short(value: number): string {
  return compact.format(value);
}

/** `1 file`, `2 files`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Seconds as `42 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const pad = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** A limit: as `duration`, without a part that is zero: `30 min`, `1 h`. */
export function limit(seconds: number): string {
  return duration(seconds).replace(/ 00 (?:s|min)$/, '');
}

/** Milliseconds: tenths of a second under ten seconds, else as `duration`. */
export function millis(ms: number): string {
  if (ms < 1) return '0 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms / 1000);
}

/** How long ago, or how far ahead, in one unit: `4 min ago`, `in 2 h`, `just now`. */
export function distance(at: number, now: number): string {
  const seconds = Math.round(Math.abs(now - at) / 1000);
  if (seconds < 5) return 'just now';
  const [size, unit] = unitOf(seconds);
  const words = `${Math.floor(seconds / size)} ${unit}`;
  return at > now ? `in ${words}` : `${words} ago`;
}

function unitOf(seconds: number): [number, string] {
  if (seconds < 60) return [1, 's'];
  if (seconds < 3600) return [60, 'min'];
  if (seconds < 86_400) return [3600, 'h'];
  const days = Math.floor(seconds / 86_400);
  return [86_400, days === 1 ? 'day' : 'days'];
}

/** The first letters of a commit or a digest, enough to tell them apart by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 10);
}

export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} KB`;
  return `${(value / 1024 / 1024).toFixed(1)} MB`;
}
