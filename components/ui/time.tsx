'use client';

import { clsx } from 'clsx';
import { useNow } from './clock.ts';
import { distance, duration } from './format.ts';

function utc(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** As narrow as a distance, so that nothing moves when the one takes the other's place. */
function day(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

/** How long ago or how far ahead, the day until the page has come to life; the exact moment is in the title. */
export function Ago({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={utc(at)} className={clsx('whitespace-nowrap tabular-nums', className)}>
      {now === null ? day(at) : distance(Date.parse(at), now)}
    </time>
  );
}

/** Hour, minute and second in the reader's own zone; UTC until the page has come to life. */
export function ClockTime({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  const text = now === null ? at.slice(11, 19) : new Date(at).toLocaleTimeString('en-GB');
  return (
    <time dateTime={at} title={utc(at)} className={clsx('figures whitespace-nowrap', className)}>
      {text}
    </time>
  );
}

/** Time from `from` to `to`, or until now, ticking. */
export function Elapsed({ from, to = null }: { from: string; to?: string | null }) {
  const now = useNow();
  const end = to === null ? now : Date.parse(to);
  return (
    <span className="whitespace-nowrap tabular-nums">
      {end === null ? '…' : duration((end - Date.parse(from)) / 1000)}
    </span>
  );
}
