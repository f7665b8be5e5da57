'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { EnvironmentCheckView } from '../../server/domain/views/repo-views.ts';
import { useCan } from '../frame/use-org.ts';
import { StateMark } from '../status/state-mark.tsx';
import { WaitsNote } from '../status/waits-note.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Copyable } from '../ui/copy.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { Checklist } from './checklist.tsx';
import { environmentState } from './environment-state.ts';

function RunAgain({ org, repoId, first, busy }: { org: string; repoId: string; first: boolean; busy: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const request = useMutation(
    trpc.environment.check.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  );
  return (
    <>
      <Button
        look={first ? 'primary' : 'plain'}
        className="self-start"
        busy={busy || request.isPending}
        onClick={() => request.mutate({ org, repoId })}
      >
        {busy ? 'Checking…' : first ? 'Check the environment' : 'Run again'}
      </Button>
      {request.error && (
        <Notice look="bad" title="The check did not start">
          {errorText(request.error)}
        </Notice>
      )}
    </>
  );
}

function About({ check }: { check: EnvironmentCheckView }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-3">
      <StateMark state={environmentState(check)} />
      {check.commit && (
        <span>
          on <Copyable value={check.commit} what="commit" />
        </span>
      )}
      <Ago at={check.endedAt ?? check.createdAt} />
    </p>
  );
}

type Props = { org: string; repoId: string; check: EnvironmentCheckView | null };

/** The environment of a repo as Fleet last saw it, and the way to look again. */
export function EnvironmentPanel({ org, repoId, check }: Props) {
  const mayCheck = useCan(org, 'tasks:create');
  const busy = check !== null && check.endedAt === null;
  return (
    <Section title="Environment" aside="Checked before a model is asked for anything">
      {check === null ? (
        <p className="max-w-[76ch] text-ink-2">
          Nobody has looked yet. The check clones the repo, sets it up, builds it and runs its tests, without a model
          and without costs. It also runs by itself before the first task.
        </p>
      ) : (
        <>
          <About check={check} />
          <WaitsNote waits={check.waits} />
          <Checklist check={check} />
        </>
      )}
      {mayCheck && <RunAgain org={org} repoId={repoId} first={check === null} busy={busy} />}
    </Section>
  );
}
