'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { InvitationView } from '../../server/domain/views/people-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Ago } from '../ui/time.tsx';

/** The open invitations; each can be revoked. */
export function Invitations({ org, invitations }: { org: string; invitations: InvitationView[] }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.people.revokeInvitation.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() }),
    }),
  );
  return (
    <>
      {revoke.error && (
        <p role="alert" className="text-sm text-bad">
          {errorText(revoke.error)}
        </p>
      )}
      <ul aria-label="Invitations" className="-mt-3 flex flex-col divide-y divide-line border-b border-line">
        {invitations.map(({ id, email, role, invitedBy, expiresAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
            <div className="min-w-0 flex-1 basis-52">
              <p className="font-medium foreign">{email}</p>
              <p className="text-sm text-ink-3 foreign">
                as {role}, by {invitedBy}; over <Ago at={expiresAt} />
              </p>
            </div>
            <Button
              look="quiet"
              aria-label={`Revoke the invitation of ${email}`}
              busy={revoke.isPending && revoke.variables.invitationId === id}
              onClick={() => revoke.mutate({ org, invitationId: id })}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
