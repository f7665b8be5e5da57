'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SessionView } from '../../server/domain/views/session-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Ago } from '../ui/time.tsx';

/** One session: what device it looks like, when it was used last, and its end. */
export function SessionRow({ session: { id, device, address, createdAt, usedAt, isThis } }: { session: SessionView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.sessions.revoke.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.sessions.pathKey() }),
    }),
  );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-medium foreign">
          {device}
          {isThis && <span className="text-sm font-normal text-ink-3"> (this one)</span>}
        </p>
        <p className="text-sm text-ink-3">
          {address !== null && <span className="font-mono">{address}, </span>}
          {usedAt === null ? 'not used yet' : 'used'} {usedAt !== null && <Ago at={usedAt} />}, signed in{' '}
          <Ago at={createdAt} />
        </p>
        {revoke.error && (
          <p role="alert" className="text-sm text-bad">
            {errorText(revoke.error)}
          </p>
        )}
      </div>
      {!isThis && (
        <Button
          look="quiet"
          aria-label={`End the session of ${device}`}
          busy={revoke.isPending}
          onClick={() => revoke.mutate({ sessionId: id })}
        >
          End
        </Button>
      )}
    </li>
  );
}
