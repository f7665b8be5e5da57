'use client';

import { ChevronLeft, ChevronRight, Link2, ZoomIn, ZoomOut } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { RunAxisView } from '../../server/domain/views/timeline-views.ts';
import { Button } from '../ui/button.tsx';
import { count } from '../ui/format.ts';
import { bucketAt, panned, zoomed, type Zoom } from './axis-scale.ts';

type Props = { axis: RunAxisView; zoom: Zoom; onZoom: (zoom: Zoom) => void; seq: number; place: number | null };

/** Which moment is looked at, a link to it, and how much of the run is seen. */
export function AxisBar({ axis, zoom, onZoom, seq, place }: Props) {
  const around = place ?? 0.5;
  const turn = bucketAt(axis, seq)?.turn;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-1 gap-y-1">
      <p className="figures mr-1 text-sm whitespace-nowrap text-ink-2">
        {turn ? `Turn ${turn}, event` : 'Event'} {count(seq)}{' '}
        <span className="text-ink-3 max-sm:hidden">of {count(axis.headSeq)}</span>
      </p>
      <CopyLink seq={seq} />
      <span className="ml-auto flex items-center">
        {zoom && (
          <>
            <Tool label="Earlier" onClick={() => onZoom(panned(zoom, axis, -0.5))}>
              <ChevronLeft aria-hidden className="size-4" />
            </Tool>
            <Tool label="Later" onClick={() => onZoom(panned(zoom, axis, 0.5))}>
              <ChevronRight aria-hidden className="size-4" />
            </Tool>
            <Tool label="See less closely" onClick={() => onZoom(zoomed(zoom, axis, { factor: 2, around }))}>
              <ZoomOut aria-hidden className="size-4" />
            </Tool>
          </>
        )}
        <Tool label="See more closely" onClick={() => onZoom(zoomed(zoom, axis, { factor: 0.5, around }))}>
          <ZoomIn aria-hidden className="size-4" />
        </Tool>
        {zoom && (
          <Button look="quiet" size="small" onClick={() => onZoom(null)}>
            Whole run
          </Button>
        )}
      </span>
    </div>
  );
}

function Tool({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Button
      look="quiet"
      size="small"
      aria-label={label}
      title={label}
      className="w-7 px-0! pointer-coarse:w-10"
      onClick={onClick}
    >
      {children}
    </Button>
  );
}

function CopyLink({ seq }: { seq: number }) {
  const [copied, setCopied] = useState<number | null>(null);
  const copy = () => {
    const { origin, pathname } = window.location;
    void navigator.clipboard.writeText(`${origin}${pathname}#seq-${seq}`).then(() => setCopied(seq));
  };
  return (
    <Button look="quiet" size="small" onClick={copy}>
      <Link2 aria-hidden className="size-4" />
      {copied === seq ? 'Copied' : 'Copy link'}
      <span className="sr-only">to event {seq}</span>
    </Button>
  );
}
