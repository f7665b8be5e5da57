'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { LogEventView } from '../../server/domain/views/audit-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Code } from '../ui/code.tsx';
import { Copyable } from '../ui/copy.tsx';
import { Notice } from '../ui/notice.tsx';
import { Fact, Facts } from '../ui/section.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { EventProof } from './event-proof.tsx';

type Props = { org: string; event: LogEventView };

/** All of one event: who, when, where in the log, what, and its proof. */
export function LogEvent({ org, event }: Props) {
  const { streamId, seq } = event;
  const trpc = useTRPC();
  const loads = event.payload === null;
  const whole = useQuery(
    trpc.audit.event.queryOptions({ org, streamId, seq }, { enabled: loads, staleTime: Infinity }),
  );
  const payload = loads ? whole.data?.payload : event.payload;
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
      {whole.error && <Notice look="bad">{errorText(whole.error)}</Notice>}
      {loads && whole.isPending && <Bone className="h-24" />}
      {payload === null && (
        <p className="text-sm text-ink-2">
          Its payload has {event.bytes.toLocaleString('en-GB')} bytes, too many to show. It is in an export.
        </p>
      )}
      {payload !== null && payload !== undefined && (
        <Code label="Payload" text={typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2)} />
      )}
      <EventProof org={org} event={event} />
    </div>
  );
}
