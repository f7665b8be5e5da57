'use client';

import { memo } from 'react';
import type { OrgEventView } from '../../server/domain/views/views.ts';
import { Code } from '../ui/code.tsx';
import { Copyable } from '../ui/copy.tsx';
import { OpeningRow } from '../ui/opening-row.tsx';
import { Fact, Facts } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { actorWords, eventWords } from './event-words.ts';

/** One event in a dense line; it opens to its payload and its place in the chain. */
export const EventRow = memo(function EventRow({ event }: { event: OrgEventView }) {
  return (
    <OpeningRow className="items-baseline gap-3 px-1" body={() => <EventBody event={event} />}>
      <span className="figures w-10 shrink-0 text-right text-ink-3">{event.seq}</span>
      <span className="w-40 shrink-0 truncate font-mono text-xs text-ink-2 max-lg:hidden">{event.kind}</span>
      <span className="min-w-0 flex-1 foreign sm:truncate">{eventWords(event.kind, event.payload)}</span>
      <span className="w-44 shrink-0 truncate text-ink-3 max-md:hidden">{actorWords(event)}</span>
      <Ago at={event.at} className="w-24 shrink-0 text-right text-ink-3 max-sm:w-auto" />
    </OpeningRow>
  );
});

function EventBody({ event }: { event: OrgEventView }) {
  return (
    <div className="mb-3 ml-8 flex flex-col gap-3 border-l border-line-strong pt-1 pl-4">
      <Facts>
        <Fact name="Kind">{event.kind}</Fact>
        <Fact name="At">
          <span className="figures">{event.at}</span>
        </Fact>
        <Fact name="By">
          <span className="font-mono">{JSON.stringify(event.actor)}</span>
        </Fact>
        <Fact name="Hash">
          <Copyable value={event.hash} shown={event.hash} what="hash" />
        </Fact>
      </Facts>
      <Code label="Payload" text={JSON.stringify(event.payload, null, 2)} />
    </div>
  );
}
