import { clsx } from 'clsx';

type Props = { label: string; used: number; reserved?: number; limit: number; className?: string };

function share(value: number, limit: number): string {
  return `${limit > 0 ? Math.min(100, (value / limit) * 100) : 0}%`;
}

/** Used is solid, reserved is hatched, the limit is the end of the track; from 85 % on it is marked. */
export function Meter({ label, used, reserved = 0, limit, className }: Props) {
  const tight = limit > 0 && used >= limit * 0.85;
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={limit}
      aria-valuenow={Math.min(used, limit)}
      className={clsx('relative flex h-1.5 overflow-hidden rounded-sm bg-line', className)}
    >
      <span className={clsx('h-full', tight ? 'bg-needs' : 'bg-ink-3')} style={{ width: share(used, limit) }} />
      {reserved > 0 && <span className="hatched h-full text-ink-3" style={{ width: share(reserved, limit) }} />}
    </div>
  );
}
