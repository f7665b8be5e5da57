import type { AxisBucket, RunAxisView } from '../../server/domain/views/timeline-views.ts';
import { count, money } from '../ui/format.ts';

/** Shapes are drawn into a box this high and as wide as there are stretches. */
export const trackHeight = 20;

export type Shape = { path: string; className: string };
export type Track = {
  id: string;
  label: string;
  shapes: (axis: RunAxisView, of: { costLimitMicros: number }) => Shape[];
  /** What it says at a stretch, short enough to stand beside it. */
  words: (bucket: AxisBucket, of: { costLimitMicros: number }) => string;
};

const share = (value: number, most: number) => (most > 0 ? Math.min(1, value / most) : 0);

/** Bars from the bottom; what is there at all is at least a line. */
function bars(axis: RunAxisView, valueOf: (bucket: AxisBucket) => number, most: number): string {
  return axis.filled
    .filter((bucket) => valueOf(bucket) > 0)
    .map((bucket) => {
      const height = Math.max(2, share(Math.sqrt(valueOf(bucket)), Math.sqrt(most)) * trackHeight);
      return `M${bucket.index} ${trackHeight}v${-height}h0.8v${height}z`;
    })
    .join('');
}

const mostOf = (axis: RunAxisView, valueOf: (bucket: AxisBucket) => number) => Math.max(1, ...axis.filled.map(valueOf));

/** An area that keeps its height until it is told another, from a base line up or down. */
function steps(axis: RunAxisView, heightOf: (bucket: AxisBucket) => number | null, base: number): string {
  const told = axis.filled.flatMap((bucket) => {
    const height = heightOf(bucket);
    return height === null ? [] : [{ at: bucket.index, height }];
  });
  const [first] = told;
  if (first === undefined) return '';
  const line = told.map(({ at, height }) => `H${at}V${(base - height).toFixed(2)}`).join('');
  return `M${first.at} ${base}${line}H${axis.buckets}V${base}z`;
}

/** The lanes of the axis from top to bottom. What is told of risk later is one more of them. */
export const tracks: Track[] = [
  {
    id: 'messages',
    label: 'Messages',
    shapes: (axis) => [
      {
        path: bars(
          axis,
          ({ messages }) => messages,
          mostOf(axis, ({ messages }) => messages),
        ),
        className: 'fill-ink-3',
      },
    ],
    words: ({ messages }) => count(messages),
  },
  {
    id: 'tools',
    label: 'Tools',
    shapes: (axis) => {
      const most = mostOf(axis, ({ tools, failed }) => Math.max(tools, failed));
      return [
        { path: bars(axis, ({ tools }) => tools, most), className: 'fill-ink-3' },
        { path: bars(axis, ({ failed }) => failed, most), className: 'fill-bad' },
      ];
    },
    words: ({ tools, failed }) => (failed === 0 ? count(tools) : `${count(tools)}, ${count(failed)} failed`),
  },
  {
    id: 'size',
    label: 'Diff ±',
    shapes: (axis) => {
      const most = Math.sqrt(mostOf(axis, ({ size }) => Math.max(size?.added ?? 0, size?.removed ?? 0)));
      const half = trackHeight / 2;
      const tall = (value: number | undefined) =>
        value === undefined ? null : share(Math.sqrt(value), most) * (half - 1) + (value > 0 ? 1 : 0);
      const removed = (bucket: AxisBucket) => {
        const height = tall(bucket.size?.removed);
        return height === null ? null : -height;
      };
      return [
        { path: steps(axis, ({ size }) => tall(size?.added), half), className: 'fill-good' },
        { path: steps(axis, removed, half), className: 'fill-bad' },
      ];
    },
    words: ({ size }) => (size === null ? '' : `+${count(size.added)} −${count(size.removed)}`),
  },
  {
    id: 'spend',
    label: 'Spend',
    shapes: (axis, { costLimitMicros }) => {
      const height = ({ costMicros }: AxisBucket) => share(costMicros, costLimitMicros) * trackHeight;
      const tight = (axis.filled.at(-1)?.costMicros ?? 0) >= costLimitMicros * 0.85;
      return [{ path: steps(axis, height, trackHeight), className: tight ? 'fill-needs' : 'fill-ink-3' }];
    },
    words: ({ costMicros }, { costLimitMicros }) => `${money(costMicros)} / ${money(costLimitMicros)}`,
  },
];
