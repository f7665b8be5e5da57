'use client';

import { ArrowDown } from 'lucide-react';
import type { RunView } from '../../server/domain/views/views.ts';
import { plural } from '../ui/format.ts';
import { Bone } from '../ui/skeleton.tsx';
import { Note } from './note.tsx';
import type { Timeline } from './timeline.ts';
import { Turn } from './turn.tsx';
import type { TurnActs } from './turn-menu.tsx';
import type { LiveText } from './use-run-timeline.ts';

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

type Props = { run: RunView; timeline: Timeline; live: LiveText | null; acts: TurnActs };

/** The run from its first turn to what is being written now. */
export function Transcript({ run, timeline, live, acts }: Props) {
  if (timeline.items.length === 0) return <Beginning run={run} />;
  return (
    <ol aria-label="Transcript" className="flex min-w-0 flex-col divide-y divide-line">
      {timeline.items.map((item) =>
        item.type === 'turn' ? (
          <Turn key={item.key} item={item} live={live?.turn === item.turn ? live.text : null} acts={acts} />
        ) : (
          <Note key={item.key} item={item} />
        ),
      )}
    </ol>
  );
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
