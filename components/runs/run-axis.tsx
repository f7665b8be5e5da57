'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { memo, useState } from 'react';
import type { RunAxisView } from '../../server/domain/views/timeline-views.ts';
import type { RunView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';
import { slow } from '../trpc/use-org-changes.ts';
import { count, money } from '../ui/format.ts';
import { Bone } from '../ui/skeleton.tsx';
import { AxisBar } from './axis-bar.tsx';
import { bucketAt, placeOf, type Zoom } from './axis-scale.ts';
import { AxisTimes } from './axis-times.tsx';
import { trackHeight, tracks } from './axis-tracks.ts';
import { Scrubber } from './scrubber.tsx';

const stretches = 200;

type Props = { org: string; run: RunView; over: boolean; seq: number | null; onJump: (seq: number) => void };

/** A run on one axis of time: what was said, called, changed and spent when, and the moment that is looked at. */
export const RunAxis = memo(function RunAxis({ org, run, over, seq, onJump }: Props) {
  const [zoom, setZoom] = useState<Zoom>(null);
  const trpc = useTRPC();
  const input = {
    ...{ org, runId: run.id, buckets: stretches },
    from: zoom && new Date(zoom.from).toISOString(),
    to: zoom && new Date(zoom.to).toISOString(),
  };
  const options = { ...slow(!over), placeholderData: keepPreviousData };
  const { data: axis, error } = useQuery(trpc.runs.axis.queryOptions(input, options));
  if (error && !axis)
    return <p className="text-sm text-ink-3">The axis of time cannot be shown now: {error.message}</p>;
  if (!axis) return <Bone className="h-[149px]" />;
  if (axis.headSeq === 0) return null;
  const at = Math.min(seq ?? axis.headSeq, axis.headSeq);
  const place = placeOf(axis, at);
  return (
    <section aria-label="Run over time" className="flex min-w-0 shrink-0 flex-col gap-1">
      <AxisBar axis={axis} zoom={zoom} onZoom={setZoom} seq={at} place={place} />
      <div className="grid min-w-0 grid-cols-[4.5rem_minmax(0,1fr)_auto] items-stretch gap-x-2 max-sm:grid-cols-[3.75rem_minmax(0,1fr)]">
        <Labels />
        <div className="relative min-w-0">
          <Tracks axis={axis} costLimitMicros={run.costLimitMicros} />
          <Scrubber
            {...{ axis, zoom, place, onJump }}
            seq={at}
            onZoom={setZoom}
            words={wordsAt(axis, at, run.costLimitMicros)}
          />
        </div>
        <Values axis={axis} seq={at} costLimitMicros={run.costLimitMicros} />
        <AxisTimes axis={axis} />
      </div>
    </section>
  );
});

const lane = 'flex h-6 items-center border-t border-line text-xs';

function Labels() {
  return (
    <div aria-hidden className="text-ink-3">
      {tracks.map(({ id, label }) => (
        <div key={id} className={lane}>
          {label}
        </div>
      ))}
    </div>
  );
}

type Drawn = { axis: RunAxisView; costLimitMicros: number };

const Tracks = memo(function Tracks({ axis, costLimitMicros }: Drawn) {
  return (
    <div aria-hidden>
      {tracks.map(({ id, shapes }) => (
        <div key={id} className="h-6 border-t border-line py-0.5">
          <svg viewBox={`0 0 ${axis.buckets} ${trackHeight}`} preserveAspectRatio="none" className="block size-full">
            {shapes(axis, { costLimitMicros }).map(({ path, className }) => (
              <path key={className} d={path} className={className} />
            ))}
          </svg>
        </div>
      ))}
    </div>
  );
});

/** What each track says at the moment that is looked at. */
function Values({ axis, seq, costLimitMicros }: { axis: RunAxisView; seq: number; costLimitMicros: number }) {
  const bucket = bucketAt(axis, seq);
  return (
    <div aria-hidden className="w-36 max-sm:hidden">
      {tracks.map(({ id, words }) => (
        <div key={id} className={`${lane} figures justify-end whitespace-nowrap text-ink-2`}>
          {bucket && words(bucket, { costLimitMicros })}
        </div>
      ))}
    </div>
  );
}

/** The moment in words, for who does not see the axis. */
function wordsAt(axis: RunAxisView, seq: number, costLimitMicros: number): string {
  const bucket = bucketAt(axis, seq);
  const parts = [
    bucket?.turn ? `Turn ${bucket.turn}` : 'Before the first turn',
    `event ${count(seq)} of ${count(axis.headSeq)}`,
    bucket && `${money(bucket.costMicros)} of ${money(costLimitMicros)} spent`,
    bucket?.size && `${count(bucket.size.added)} lines added and ${count(bucket.size.removed)} removed`,
  ];
  return parts.filter(Boolean).join(', ');
}
