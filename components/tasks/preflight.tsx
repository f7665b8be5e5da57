'use client';

import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

type Answer = { canStart: boolean; why: string | null };

/** Whether this task could start, asked before it is filed and again whenever title or repo change. */
export function usePreflight(org: string, repoId: string, title: string): Answer | undefined {
  const trpc = useTRPC();
  const settled = useDeferredValue(title.trim());
  return useQuery(
    trpc.tasks.preflight.queryOptions(
      { org, repoId, title: settled.slice(0, 300) },
      { enabled: repoId !== '' && settled !== '', placeholderData: (previous) => previous },
    ),
  ).data;
}

export function PreflightNote({ org, answer }: { org: string; answer: Answer | undefined }) {
  if (!answer?.why) return null;
  if (answer.canStart) return <Notice>{answer.why}</Notice>;
  return (
    <Notice
      look="warn"
      title="This task cannot start yet"
      action={
        <ButtonLink size="small" href={`/${org}/settings`}>
          Open settings
        </ButtonLink>
      }
    >
      {answer.why}
    </Notice>
  );
}
