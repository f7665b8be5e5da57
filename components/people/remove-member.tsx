'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { MemberView } from '../../server/domain/views/people-views.ts';
import { ConfirmButton } from '../trpc/confirm-button.tsx';
import { useTRPC } from '../trpc/context.ts';

/** Takes a member out of the org, or oneself. */
export function RemoveMember({ org, member: { id: memberId, email, isYou } }: { org: string; member: MemberView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.people.remove.mutationOptions({
      onSuccess: async () => {
        if (isYou) return window.location.assign('/');
        await queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() });
      },
    }),
  );
  const after = 'The tasks filed from here stay; their runs end at their next step, and somebody else files them anew.';
  return (
    <ConfirmButton
      label={isYou ? 'Leave this org' : `Remove ${email}`}
      title={isYou ? 'Leave this org?' : `Remove ${email}?`}
      description={`${isYou ? 'You see nothing of it any more until somebody invites you again.' : 'Nothing of the org is shown to this person any more, on open pages too.'} ${after}`}
      leave={isYou ? 'Stay' : 'Keep the member'}
      action={isYou ? 'Leave the org' : 'Remove the member'}
      run={() => remove.mutateAsync({ org, memberId })}
    >
      {isYou ? 'Leave' : 'Remove'}
    </ConfirmButton>
  );
}
