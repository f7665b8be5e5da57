'use client';

import { clsx } from 'clsx';
import { Brain, ChevronRight } from 'lucide-react';
import { memo, useState } from 'react';
import type { ContentBlock } from '../../server/domain/ports/model.ts';
import type { RunEventPayload } from '../../server/domain/events/run-events.ts';
import { millis, money, short } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { Revealed } from '../ui/code.tsx';
import { ClockTime } from '../ui/time.tsx';
import { placeProps, type Place } from './place.ts';
import type { TurnItem } from './timeline.ts';
import { ToolCallLine } from './tool-call.tsx';
import { TurnMenu, type TurnActs } from './turn-menu.tsx';
import { Words } from '../ui/words.tsx';

function Thought({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="text-sm">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="inline-flex items-center gap-1.5 rounded-sm text-ink-3 hover:text-ink-2 pointer-coarse:min-h-11"
      >
        <ChevronRight aria-hidden className={clsx('size-3.5 transition-transform', open && 'rotate-90')} />
        <Brain aria-hidden className="size-3.5" />
        Thought
      </button>
      {open && (
        <p className="mt-1 ml-1.5 max-w-[76ch] border-l border-line-strong pl-4 whitespace-pre-wrap text-ink-2 foreign">
          <Revealed text={text} />
        </p>
      )}
    </div>
  );
}

/** What an agent wrote, as it wrote it. */
function AgentText({ text }: { text: string }) {
  return (
    <p className="max-w-[76ch] whitespace-pre-wrap foreign">
      <Words text={text} />
    </p>
  );
}

function Block({ block }: { block: ContentBlock }) {
  if (block.type === 'text') return block.text.trim() === '' ? null : <AgentText text={block.text.trim()} />;
  if (block.type === 'thinking') return block.thinking.trim() === '' ? null : <Thought text={block.thinking} />;
  return null;
}

function Failure({ failure }: { failure: RunEventPayload<'model.failed'> }) {
  const then =
    failure.retryInMs === null ? 'Not tried again by itself.' : `Tried again in ${millis(failure.retryInMs)}.`;
  return (
    <Notice look="warn" title="The model did not answer">
      {failure.message} {then}
    </Notice>
  );
}

function Figures({ item, acts }: { item: TurnItem; acts: TurnActs }) {
  const { reply } = item;
  return (
    <div className="flex flex-wrap items-center gap-x-3 text-xs text-ink-3">
      <h2 className="figures font-medium text-ink-2">Turn {item.turn}</h2>
      <ClockTime at={item.at} />
      {reply && (
        <span className="figures">
          {millis(reply.durationMs)} · {money(reply.costMicros)} ·{' '}
          {short(reply.usage.input + reply.usage.cacheRead + reply.usage.cacheWrite)} in · {short(reply.usage.output)}{' '}
          out
        </span>
      )}
      {item.tree && <TurnMenu turn={item.turn} seq={item.seq} acts={acts} />}
    </div>
  );
}

type Props = { item: TurnItem; live: string | null; acts: TurnActs } & Place;

/** One model reply and the tool calls it asked for. `live` is what the model is writing while there is no reply yet. */
export const Turn = memo(function Turn({ item, live, acts, ...place }: Props) {
  const writing = item.reply === null && live !== null && live !== '';
  return (
    <li
      id={`turn-${item.turn}`}
      {...placeProps(item.seq, place)}
      className="flex min-w-0 flex-col gap-2 py-3 scroll-mt-4 aria-[current]:bg-accent-soft"
    >
      <Figures item={item} acts={acts} />
      {item.failures.map((failure, index) => (
        <Failure key={index} failure={failure} />
      ))}
      {item.reply?.content.map((block, index) => (
        <Block key={index} block={block} />
      ))}
      {writing && <AgentText text={live} />}
      {item.reply === null && !writing && item.failures.length === 0 && (
        <p className="animate-breathe text-sm text-ink-3">Waiting for the model…</p>
      )}
      {item.calls.length > 0 && (
        <ul className="-mx-2 flex min-w-0 flex-col">
          {item.calls.map((call) => (
            <ToolCallLine key={call.callId} call={call} />
          ))}
        </ul>
      )}
    </li>
  );
});
