'use client';

import { ArrowDown } from 'lucide-react';
import { useLayoutEffect, useMemo, type RefObject } from 'react';
import type { RunView } from '../../server/domain/views/views.ts';
import { plural } from '../ui/format.ts';
import { Bone } from '../ui/skeleton.tsx';
import { Note } from './note.tsx';
import type { Place } from './place.ts';
import type { NoteItem, TurnItem } from './timeline.ts';
import { firstOf, isAtEnd, itemAt } from './run-log.ts';
import { Turn } from './turn.tsx';
import type { TurnActs } from './turn-menu.tsx';
import type { LiveText } from './use-live-text.ts';
import type { HeldLog } from './use-run-log.ts';
import { useRows, type Rows } from './use-rows.ts';
import { useKeptPlace, useReach, useScrolled, useTarget } from './use-transcript-place.ts';

function Beginning({ run }: { run: RunView }) {
  if (run.status === 'queued') return <p className="text-ink-2">{run.sentence}</p>;
  return (
    <div role="status" aria-label="Loading the transcript" className="flex flex-col gap-3">
      {Array.from({ length: 6 }, (_, index) => (
        <Bone key={index} className="h-8" />
      ))}
    </div>
  );
}

type Props = {
  run: RunView;
  held: HeldLog;
  live: LiveText | null;
  acts: TurnActs;
  pane: RefObject<HTMLDivElement | null>;
  /** The event that was gone to, and how often that was: the same one may be gone to twice. */
  target: { seq: number; times: number } | null;
  /** Called with the first event in sight after somebody has scrolled. */
  onScrolled: (seq: number) => void;
  onSize: (size: number) => void;
};

/** The most lines that stand on the page all at once. */
const mostAtOnce = 40;

/** The run from any of its events on to what is being written now; only what is near the window is on the page. */
export function Transcript({ run, held, live, acts, pane, target, onScrolled, onSize }: Props) {
  const { log } = held;
  const { items } = log.shown;
  const whole = firstOf(log) <= 1 && isAtEnd(log);
  const keys = useMemo(() => items.map(({ key }) => key), [items]);
  const { rows, list, top } = useRows({ pane, keys, all: whole && items.length <= mostAtOnce });
  const shown = rows.getVirtualItems();
  const size = rows.getTotalSize();
  useKeptPlace(rows, keys, target === null);
  useReach(held, { first: shown[0]?.index ?? 0, last: shown.at(-1)?.index ?? 0, count: items.length });
  useTarget(rows, { target, log });
  useScrolled(pane, () => {
    const index = rows.getVirtualItemForOffset(rows.scrollOffset ?? 0)?.index;
    const item = index === undefined ? undefined : items[index];
    if (item) onScrolled(item.seq);
  });
  useLayoutEffect(() => onSize(size), [size, onSize]);
  const current = target === null ? -1 : itemAt(log.shown, target.seq);
  if (items.length === 0) return <Beginning run={run} />;
  return (
    <ol
      ref={list}
      aria-label="Transcript"
      className="flex min-w-0 flex-col divide-y divide-line [overflow-anchor:none]"
      style={paddingOf(rows, top)}
    >
      {shown.map(({ index, key }) => (
        <Line
          key={key}
          {...{ item: items[index], live, acts, index }}
          of={whole ? items.length : -1}
          current={index === current}
          measure={rows.measureElement}
        />
      ))}
    </ol>
  );
}

/** The room of the lines that are not on the page. */
function paddingOf(rows: Rows, top: number) {
  const shown = rows.getVirtualItems();
  return {
    paddingTop: Math.max(0, (shown[0]?.start ?? 0) - top),
    paddingBottom: Math.max(0, rows.getTotalSize() - ((shown.at(-1)?.end ?? 0) - top)),
  };
}

type LineProps = { item: TurnItem | NoteItem | undefined; live: LiveText | null; acts: TurnActs } & Place;

function Line({ item, live, acts, ...place }: LineProps) {
  if (item === undefined) return null;
  if (item.type === 'note') return <Note item={item} {...place} />;
  return <Turn item={item} live={live?.turn === item.turn ? live.text : null} acts={acts} {...place} />;
}

/** What came while a person read further up. */
export function Unseen({ count, onClick }: { count: number; onClick: () => void }) {
  if (count === 0) return null;
  return (
    <div className="pointer-events-none sticky bottom-20 flex justify-center md:bottom-4">
      <button
        type="button"
        onClick={onClick}
        className="pointer-events-auto inline-flex h-8 items-center gap-1.5 rounded-full border border-accent bg-accent-soft px-3 text-sm font-medium text-accent pointer-coarse:h-11"
      >
        <ArrowDown aria-hidden className="size-4" />
        {plural(count, 'new', 'new')}: go to the latest
      </button>
    </div>
  );
}
