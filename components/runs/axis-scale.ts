import type { AxisBucket, RunAxisView } from '../../server/domain/views/timeline-views.ts';

/** The part of a run's time that is looked at; null is all of it, up to now. */
export type Zoom = { from: number; to: number } | null;

/** No stretch is shorter than a few milliseconds: there is nothing left to tell apart. */
const shortestMs = 1_000;

type Whole = Pick<RunAxisView, 'first' | 'last'>;
const spanOf = (zoom: Zoom, { first, last }: Whole) => zoom ?? { from: Date.parse(first), to: Date.parse(last) };

/** Looks at a `factor` of the time, around a place from 0 to 1 in what is looked at now. */
export function zoomed(zoom: Zoom, whole: Whole, { factor, around }: { factor: number; around: number }): Zoom {
  const now = spanOf(zoom, whole);
  const length = Math.max(shortestMs, (now.to - now.from) * factor);
  const fixed = now.from + (now.to - now.from) * around;
  return within({ from: fixed - length * around, to: fixed + length * (1 - around) }, whole);
}

/** Moves what is looked at by a share of its length. */
export function panned(zoom: Zoom, whole: Whole, share: number): Zoom {
  if (zoom === null) return null;
  const by = (zoom.to - zoom.from) * share;
  return within({ from: zoom.from + by, to: zoom.to + by }, whole);
}

function within({ from, to }: { from: number; to: number }, whole: Whole): Zoom {
  const all = spanOf(null, whole);
  const length = to - from;
  if (length >= all.to - all.from) return null;
  const start = Math.min(Math.max(from, all.from), all.to - length);
  return { from: Math.round(start), to: Math.round(start + length) };
}

/** The event at a place from 0 to 1: of the nearest stretch that has one. Null where nothing happened at all. */
export function seqAt({ filled, buckets }: RunAxisView, place: number): number | null {
  const at = Math.min(Math.max(place, 0), 1) * buckets;
  let nearest: AxisBucket | null = null;
  for (const bucket of filled) {
    if (nearest === null || Math.abs(bucket.index + 0.5 - at) < Math.abs(nearest.index + 0.5 - at)) nearest = bucket;
  }
  if (nearest === null) return null;
  const within = Math.min(Math.max(at - nearest.index, 0), 1);
  return nearest.firstSeq + Math.round(within * (nearest.lastSeq - nearest.firstSeq));
}

/** Where an event is, from 0 to 1; null where it is not in what is looked at. */
export function placeOf({ filled, buckets }: RunAxisView, seq: number): number | null {
  const bucket = filled.find((one) => seq >= one.firstSeq && seq <= one.lastSeq);
  if (bucket === undefined) return null;
  const length = bucket.lastSeq - bucket.firstSeq;
  return (bucket.index + (length === 0 ? 0.5 : (seq - bucket.firstSeq) / length)) / buckets;
}

/** The stretch that an event is in, else the last before it: what was spent and changed by then. */
export function bucketAt({ filled }: RunAxisView, seq: number): AxisBucket | null {
  return filled.findLast((bucket) => bucket.firstSeq <= seq) ?? null;
}

/** The event to go to from one, a stretch further; the first or last event where there is none. */
export function neighbour({ filled }: RunAxisView, seq: number, by: 1 | -1): number {
  if (by > 0) return filled.find((bucket) => bucket.firstSeq > seq)?.firstSeq ?? filled.at(-1)?.lastSeq ?? seq;
  return filled.findLast((bucket) => bucket.lastSeq < seq)?.lastSeq ?? filled[0]?.firstSeq ?? seq;
}
