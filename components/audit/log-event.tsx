'use client';

import Link from 'next/link';
import { mayBeErased } from '../../server/domain/events/may-be-erased.ts';
import type { LogEventView } from '../../server/domain/views/audit-views.ts';
import { Copyable } from '../ui/copy.tsx';
import { Fact, Facts } from '../ui/section.tsx';
import { useCan } from '../frame/use-org.ts';
import { ErasePayload } from './erase-payload.tsx';
import { EventProof } from './event-proof.tsx';
import { LogPayload } from './log-payload.tsx';

type Props = { org: string; event: LogEventView };

/** All of one event: who, when, where in the log, what, and its proof. */
export function LogEvent({ org, event }: Props) {
  const { streamId, seq } = event;
  const mayErase = useCan(org, 'audit:erase');
  return (
    <div className="mb-3 ml-4 flex min-w-0 flex-col gap-3 border-l border-line-strong pt-1 pl-4">
      <Facts>
        <Fact name="Kind">{event.kind}</Fact>
        <Fact name="At">
          <span className="figures">{event.at}</span>
        </Fact>
        <Fact name="By">
          <span className="font-mono">{JSON.stringify(event.actor)}</span>
        </Fact>
        <Fact name="In">
          {event.log === 'run' ? (
            <>
              the log of the run{' '}
              <Link href={`/${org}/runs/${event.subject}`} className="font-mono hover:text-accent">
                {event.subject}
              </Link>
            </>
          ) : (
            'the log of the org'
          )}
          , event <span className="figures">{seq}</span>
        </Fact>
        <Fact name="Hash">
          <Copyable value={event.hash} shown={event.hash} what="hash" />
        </Fact>
        <Fact name="Link">
          <Link href={`/${org}/audit?event=${streamId}/${seq}`} className="text-accent hover:underline">
            This event alone
          </Link>
        </Fact>
      </Facts>
      <LogPayload org={org} event={event} />
      <EventProof org={org} event={event} />
      {mayErase && !event.erased && mayBeErased(event.log, event.kind) && <ErasePayload org={org} event={event} />}
    </div>
  );
}
