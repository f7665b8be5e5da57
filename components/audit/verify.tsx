'use client';

import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import type { VerifyView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Copyable } from '../ui/copy.tsx';
import { millis, plural } from '../ui/format.ts';
import { ToneIcon } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';

function Proof({ result }: { result: VerifyView }) {
  const { ok, events, erased, streams, firstBad, head } = result;
  if (firstBad) {
    return (
      <Notice look="bad" title="The log is not whole">
        Event {firstBad.seq} of stream <span className="font-mono">{firstBad.streamId}</span>: {firstBad.problem}.
        Somebody changed the database itself. Keep it as it is, and compare it with a backup and with heads that were
        written down elsewhere.
      </Notice>
    );
  }
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <span className="inline-flex items-center gap-2 font-medium">
        <ToneIcon tone={ok ? 'good' : 'bad'} />
        {plural(events, 'event')} in {plural(streams, 'stream')}: every one is what was written, in its place
        {erased > 0 && `; ${erased.toLocaleString('en-GB')} of them erased behind a signed tombstone`}
      </span>
      <span className="text-sm text-ink-3">
        <span className="figures">{millis(result.millis)}</span>, head <Copyable value={head} what="head" />
      </span>
    </div>
  );
}

/** Checks the whole chain on demand and says what came out. */
export function Verify({ org }: { org: string }) {
  const trpc = useTRPC();
  const verify = useMutation(trpc.audit.verify.mutationOptions());
  return (
    <div className="flex flex-col items-start gap-3">
      <Button look="primary" busy={verify.isPending} onClick={() => verify.mutate({ org })}>
        <ShieldCheck aria-hidden className="size-4" />
        Verify the log
      </Button>
      {verify.error && (
        <Notice look="bad" title="The log was not verified">
          {errorText(verify.error)}
        </Notice>
      )}
      {verify.data && <Proof result={verify.data} />}
    </div>
  );
}
