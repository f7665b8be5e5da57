'use client';

import { useQuery } from '@tanstack/react-query';
import type { LogEventView } from '../../server/domain/views/audit-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Code, Revealed } from '../ui/code.tsx';
import { Notice } from '../ui/notice.tsx';
import { Bone } from '../ui/skeleton.tsx';

type Props = { org: string; event: LogEventView };

/** What an event says; of an erased one what is left, and who erased it. */
export function LogPayload({ org, event }: Props) {
  if (event.erased === null) return <Whole org={org} event={event} />;
  const { by, at, reason } = event.erased;
  return (
    <>
      <Notice title="Erased">
        By <Revealed text={by} /> at <span className="figures">{at}</span>: <Revealed text={reason} />. A signed
        tombstone stands in its place; numbers and ids are what is left.
      </Notice>
      {event.payload !== null && <Text payload={event.payload} />}
    </>
  );
}

function Whole({ org, event: { streamId, seq, payload: listed, bytes } }: Props) {
  const trpc = useTRPC();
  const loads = listed === null;
  const whole = useQuery(
    trpc.audit.event.queryOptions({ org, streamId, seq }, { enabled: loads, staleTime: Infinity }),
  );
  const payload = loads ? whole.data?.payload : listed;
  if (whole.error) return <Notice look="bad">{errorText(whole.error)}</Notice>;
  if (loads && whole.isPending) return <Bone className="h-24" />;
  if (payload !== null) return <Text payload={payload} />;
  return (
    <p className="text-sm text-ink-2">
      Its payload has {bytes.toLocaleString('en-GB')} bytes, too many to show. It is in an export.
    </p>
  );
}

function Text({ payload }: { payload: unknown }) {
  return <Code label="Payload" text={typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2)} />;
}
