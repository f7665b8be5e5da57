import { Bot, Clapperboard, GitBranch } from 'lucide-react';
import Link from 'next/link';
import type { BoardCardView } from '../../server/domain/views/views.ts';
import { runStates } from '../status/status.ts';
import { money } from '../ui/format.ts';
import { ToneIcon, type Tone } from '../ui/mark.tsx';
import { Meter } from '../ui/meter.tsx';
import { Ago } from '../ui/time.tsx';
import { cardHref } from './columns.ts';

function toneOf(card: BoardCardView): Tone {
  if (card.column === 'needs_you') return 'needs-you';
  return card.column === 'quarantined' ? 'quarantined' : runStates[card.status].tone;
}

function Spend({ card }: { card: BoardCardView }) {
  return (
    <div className="flex flex-col gap-1">
      <Meter
        label="Spent of this task's budget"
        used={card.costMicros}
        reserved={card.reservedMicros}
        limit={card.costLimitMicros}
      />
      <div className="flex justify-between gap-2 text-xs text-ink-3">
        <span className="figures">
          {money(card.costMicros)} <span className="sr-only">spent</span> / {money(card.costLimitMicros)}
        </span>
        <Ago at={card.progressAt} />
      </div>
    </div>
  );
}

/** One task on its way: what it is, what its state is in words, what it has cost. */
export function Card({ org, card }: { org: string; card: BoardCardView }) {
  return (
    <li className="relative flex flex-col gap-2 rounded-md border border-line-strong bg-panel p-3 hover:border-control has-[a[data-row]:focus-visible]:outline-2 has-[a[data-row]:focus-visible]:outline-offset-2 has-[a[data-row]:focus-visible]:outline-accent">
      <div className="flex items-start gap-2">
        <ToneIcon tone={toneOf(card)} className="mt-[3px]" />
        <Link
          data-row
          href={cardHref(org, card)}
          className="line-clamp-3 min-w-0 font-medium outline-none foreign after:absolute after:inset-0"
        >
          {card.title}
        </Link>
      </div>
      <p className="line-clamp-4 text-sm text-ink-2 foreign">{card.sentence}</p>
      <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-ink-3">
        <Link href={`/${org}/tasks/${card.taskId}`} className="figures relative hover:text-accent">
          #{card.taskNumber}
        </Link>
        <span className="inline-flex max-w-full min-w-0 items-center gap-1">
          <GitBranch aria-hidden className="size-3 shrink-0" />
          <span className="truncate">{card.repo}</span>
        </span>
        {card.agent && (
          <span className="inline-flex max-w-full min-w-0 items-center gap-1">
            <Bot aria-hidden className="size-3 shrink-0" />
            <span className="truncate">{card.agent}</span>
          </span>
        )}
        {card.scripted && (
          <span className="inline-flex items-center gap-1">
            <Clapperboard aria-hidden className="size-3 shrink-0" />
            scripted
          </span>
        )}
      </p>
      <Spend card={card} />
    </li>
  );
}
