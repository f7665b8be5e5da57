'use client';

import type { RunAxisView } from '../../server/domain/views/timeline-views.ts';
import { duration } from '../ui/format.ts';
import { ClockTime } from '../ui/time.tsx';

/** When what is looked at begins and ends, and how long it is. */
export function AxisTimes({ axis: { from, to } }: { axis: RunAxisView }) {
  return (
    <div className="col-start-2 flex min-w-0 justify-between gap-3 border-t border-line pt-1 text-xs text-ink-3">
      <ClockTime at={from} />
      <span className="figures whitespace-nowrap">{duration((Date.parse(to) - Date.parse(from)) / 1000)}</span>
      <ClockTime at={to} />
    </div>
  );
}
