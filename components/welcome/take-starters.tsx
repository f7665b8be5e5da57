'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bot, Workflow } from 'lucide-react';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { Words } from '../ui/words.tsx';
import { StageLine } from './stage-line.tsx';

/** Shows who would be hired and what they may write, before anything is hired. */
export function TakeStarters({ org }: { org: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const starters = useQuery(trpc.starters.get.queryOptions({ org })).data;
  const hire = useMutation(
    trpc.starters.hire.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.starters.pathKey() }),
    }),
  );
  if (!starters) return <Bone className="h-40" />;
  return (
    <div className="flex flex-col gap-4">
      <ul className="flex flex-col divide-y divide-line border-y border-line">
        {starters.agents.map((agent) => (
          <li key={agent.role} className="flex gap-3 py-3">
            <Bot aria-hidden className="mt-[3px] size-4 shrink-0 text-ink-3" />
            <div className="min-w-0">
              <p className="font-medium">{agent.title}</p>
              <p className="max-w-[68ch] text-sm text-ink-2">{agent.purpose}</p>
              <p className="pt-1 text-sm text-ink-3">
                Writes <Words text={agent.write} />
              </p>
            </div>
          </li>
        ))}
        <li className="flex gap-3 py-3">
          <Workflow aria-hidden className="mt-[3px] size-4 shrink-0 text-ink-3" />
          <div className="min-w-0">
            <p className="font-medium">Every task goes this way</p>
            <StageLine stages={starters.stages} />
            <p className="max-w-[68ch] pt-1 text-sm text-ink-2">
              Nothing reaches the default branch without passed tests, a review and your approval.
            </p>
          </div>
        </li>
      </ul>
      {hire.error && (
        <Notice look="bad" title="Nobody was hired">
          {errorText(hire.error)}
        </Notice>
      )}
      <Button look="primary" className="self-start" busy={hire.isPending} onClick={() => hire.mutate({ org })}>
        Take these roles, policy and pipeline
      </Button>
    </div>
  );
}
