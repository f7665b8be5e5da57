'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Revealed } from '../ui/code.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { LogEvent } from './log-event.tsx';
import { wordsOf } from './log-row.tsx';

/** The event that a link names, as `stream/seq`. */
export function LinkedEvent({ org, place }: { org: string; place: string }) {
  const [streamId = '', number = ''] = place.split('/');
  const seq = /^[1-9]\d{0,8}$/.test(number) ? Number(number) : 0;
  const trpc = useTRPC();
  const { data, error } = useQuery(
    trpc.audit.event.queryOptions({ org, streamId, seq }, { enabled: seq > 0, staleTime: Infinity }),
  );
  return (
    <Section
      title="The event of the link"
      aside={
        <Link href={`/${org}/audit`} className="hover:text-accent">
          Close
        </Link>
      }
    >
      {(error || seq === 0) && <Notice look="bad">{error ? errorText(error) : 'This link names no event.'}</Notice>}
      {!data && !error && seq > 0 && <Bone className="h-40" />}
      {data && (
        <div className="flex min-w-0 flex-col gap-2">
          <p className="foreign">
            <Revealed text={wordsOf(data)} />
          </p>
          <LogEvent org={org} event={data} />
        </div>
      )}
    </Section>
  );
}
