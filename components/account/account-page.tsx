'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { GithubConnection } from './github-connection.tsx';
import { SessionRow } from './session-row.tsx';

/** The person's own: where he or she is signed in. */
export function AccountPage() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const me = useQuery(trpc.me.get.queryOptions()).data;
  const sessions = useQuery(trpc.sessions.list.queryOptions()).data ?? [];
  const revokeAll = useMutation(
    trpc.sessions.revokeAll.mutationOptions({
      onSuccess: async (_count, { keepThis }) => {
        if (!keepThis) return window.location.assign('/sign-in');
        await queryClient.invalidateQueries({ queryKey: trpc.sessions.pathKey() });
      },
    }),
  );
  const others = sessions.filter(({ isThis }) => !isThis).length;
  return (
    <>
      <PageHeader title="Your account" sub={me?.email} />
      {me && (me.github.possible || me.github.connected) && <GithubConnection github={me.github} />}
      <Section title="Where you are signed in">
        <p className="text-ink-2">
          Ending a session signs that device out at its next request, and ends its open pages within five seconds.
        </p>
        <ul aria-label="Sessions" className="flex flex-col divide-y divide-line border-y border-line">
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
        {revokeAll.error && <Notice look="bad">{errorText(revokeAll.error)}</Notice>}
        <div className="flex flex-wrap gap-2">
          <Button
            disabled={others === 0}
            busy={revokeAll.isPending && revokeAll.variables.keepThis}
            onClick={() => revokeAll.mutate({ keepThis: true })}
          >
            End all others
          </Button>
          <Button
            look="danger"
            busy={revokeAll.isPending && !revokeAll.variables.keepThis}
            onClick={() => revokeAll.mutate({ keepThis: false })}
          >
            Sign out everywhere
          </Button>
        </div>
      </Section>
    </>
  );
}
