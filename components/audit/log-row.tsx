'use client';

import { clsx } from 'clsx';
import { ChevronRight } from 'lucide-react';
import type { LogEventView } from '../../server/domain/views/audit-views.ts';
import { Revealed } from '../ui/code.tsx';
import { Ago } from '../ui/time.tsx';
import { actorWords, eventWords } from './event-words.ts';
import { LogEvent } from './log-event.tsx';
import { runEventWords } from './run-event-words.ts';

type Props = { org: string; event: LogEventView; open: boolean; onToggle: () => void };

export function wordsOf({ log, kind, payload }: LogEventView): string {
  if (payload === null || typeof payload !== 'object') return kind;
  try {
    return log === 'org' ? eventWords(kind, payload) : runEventWords(kind, payload);
  } catch {
    // Somebody changed it in the database: its kind is all that can be said.
    return kind;
  }
}

/** One event in a dense line; it opens to all of it. */
export function LogRow({ org, event, open, onToggle }: Props) {
  return (
    <>
      <button
        type="button"
        data-row
        aria-expanded={open}
        onClick={onToggle}
        className="flex min-h-8 w-full min-w-0 items-center gap-3 px-1 py-1 text-left text-sm hover:bg-hover pointer-coarse:min-h-11"
      >
        <ChevronRight
          aria-hidden
          className={clsx('size-3.5 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
        />
        <Ago at={event.at} className="w-20 shrink-0 text-ink-3" />
        <span className="w-44 shrink-0 truncate font-mono text-xs text-ink-2 max-lg:hidden">{event.kind}</span>
        <span className="min-w-0 flex-1 truncate foreign">
          <Revealed text={wordsOf(event)} />
        </span>
        <span className="w-44 shrink-0 truncate text-ink-3 max-md:hidden">{actorText(event)}</span>
        <span className="figures w-12 shrink-0 text-right text-ink-3 max-sm:hidden">{event.seq}</span>
      </button>
      {open && <LogEvent org={org} event={event} />}
    </>
  );
}

function actorText({ actor, person }: LogEventView): string {
  return actor === null ? 'unreadable' : actorWords({ actor, person });
}
