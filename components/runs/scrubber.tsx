'use client';

import { useEffect, useId, useRef, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import type { RunAxisView } from '../../server/domain/views/timeline-views.ts';
import { useLatest } from '../ui/use-latest.ts';
import { neighbour, panned, seqAt, zoomed, type Zoom } from './axis-scale.ts';

type Props = {
  axis: RunAxisView;
  zoom: Zoom;
  onZoom: (zoom: Zoom) => void;
  seq: number;
  /** Where it is on the axis, from 0 to 1; null outside of what is looked at. */
  place: number | null;
  onJump: (seq: number) => void;
  words: string;
};

const clamp = (seq: number, { headSeq }: RunAxisView) => Math.min(Math.max(seq, 1), headSeq);

/** Which event a key leads to. */
function stepOf(event: KeyboardEvent, { axis, seq }: Props): number | null {
  const by = event.key === 'ArrowRight' || event.key === 'ArrowUp' ? 1 : -1;
  if (event.key.startsWith('Arrow')) return event.shiftKey ? clamp(seq + by, axis) : neighbour(axis, seq, by);
  if (event.key === 'Home') return 1;
  return event.key === 'End' ? axis.headSeq : null;
}

/** How a key changes what is looked at; undefined where it does not. */
function zoomOf(event: KeyboardEvent, { axis, zoom, place }: Props): Zoom | undefined {
  const around = place ?? 0.5;
  if (event.key === '+' || event.key === '=') return zoomed(zoom, axis, { factor: 0.5, around });
  if (event.key === '-') return zoomed(zoom, axis, { factor: 2, around });
  if (event.key === 'PageUp') return panned(zoom, axis, -0.5);
  if (event.key === 'PageDown') return panned(zoom, axis, 0.5);
  return event.key === '0' ? null : undefined;
}

/** Over the tracks: takes pointer, wheel and keys, and shows the moment. It is a slider over the run's events. */
export function Scrubber(props: Props) {
  const { axis, seq, place, onJump, onZoom, words } = props;
  const help = useId();
  const slider = useRef<HTMLDivElement>(null);
  useWheel(slider, props);
  const pick = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const picked = seqAt(axis, (event.clientX - box.left) / Math.max(1, box.width));
    if (picked !== null && picked !== seq) onJump(picked);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = stepOf(event, props);
    const next = zoomOf(event, props);
    if (step === null && next === undefined) return;
    event.preventDefault();
    if (step !== null) onJump(step);
    if (next !== undefined) onZoom(next);
  };
  return (
    <>
      <div
        ref={slider}
        role="slider"
        tabIndex={0}
        aria-label="Moment of the run"
        aria-describedby={help}
        aria-valuemin={1}
        aria-valuemax={axis.headSeq}
        aria-valuenow={seq}
        aria-valuetext={words}
        className="absolute inset-0 cursor-crosshair touch-pan-y rounded-sm"
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          pick(event);
        }}
        onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && pick(event)}
      >
        {place !== null && (
          // Moved as a whole: to the browser a mark with another `left` is a page that shifts. What it moves out of is clipped.
          <span aria-hidden className="pointer-events-none absolute -inset-x-1.5 inset-y-0 overflow-x-clip">
            <span
              className="absolute inset-x-1.5 inset-y-0 before:absolute before:inset-y-0 before:-left-px before:w-0.5 before:bg-accent after:absolute after:-top-1 after:-left-1.25 after:size-2.5 after:rounded-full after:bg-accent"
              style={{ transform: `translateX(${place * 100}%)` }}
            />
          </span>
        )}
      </div>
      <p id={help} className="sr-only">
        Arrow keys go to the stretch before or after in which something happened, with Shift to the next event. Plus and
        minus look more or less closely, Page Up and Page Down move what is looked at, 0 shows the whole run.
      </p>
    </>
  );
}

/** The wheel with Ctrl, or pinching, looks more or less closely; sideways, or with Shift, moves what is looked at. */
function useWheel(slider: RefObject<HTMLDivElement | null>, props: Props): void {
  const latest = useLatest(props);
  useEffect(() => {
    const element = slider.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      const { axis, zoom, onZoom } = latest.current;
      const box = element.getBoundingClientRect();
      const aside = event.deltaX || (event.shiftKey ? event.deltaY : 0);
      if (!event.ctrlKey && (aside === 0 || zoom === null)) return;
      event.preventDefault();
      const around = (event.clientX - box.left) / Math.max(1, box.width);
      const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 200)));
      onZoom(event.ctrlKey ? zoomed(zoom, axis, { factor, around }) : panned(zoom, axis, aside / box.width));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [slider, latest]);
}
