'use client';

import { useMutation } from '@tanstack/react-query';
import { Pause, Play } from 'lucide-react';
import type { RunView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { useRefreshOrg } from '../trpc/use-org-changes.ts';
import { Button } from '../ui/button.tsx';

/** Pauses a run, or lets it go on. A pause that was asked for can be taken back while the calls in the air end. */
export function PauseRun({ org, run }: { org: string; run: RunView }) {
  const trpc = useTRPC();
  const refresh = useRefreshOrg();
  const pause = useMutation(trpc.runs.pause.mutationOptions({ onSettled: refresh }));
  const resume = useMutation(trpc.runs.resume.mutationOptions({ onSettled: refresh }));
  const error = pause.error ?? resume.error;
  const input = { org, runId: run.id };
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {run.pause === 'none' ? (
        <Button busy={pause.isPending} onClick={() => pause.mutate(input)}>
          <Pause aria-hidden className="size-4" />
          Pause
        </Button>
      ) : (
        <Button
          look={run.pause === 'paused' ? 'primary' : 'quiet'}
          busy={resume.isPending}
          onClick={() => resume.mutate(input)}
        >
          <Play aria-hidden className="size-4" />
          {run.pause === 'paused' ? 'Resume' : 'Do not pause'}
        </Button>
      )}
      {error && (
        <span role="alert" className="text-sm text-bad">
          {errorText(error)}
        </span>
      )}
    </span>
  );
}
