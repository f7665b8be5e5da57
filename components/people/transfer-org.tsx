'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { MemberView } from '../../server/domain/views/people-views.ts';
import { ConfirmButton } from '../trpc/confirm-button.tsx';
import { useTRPC } from '../trpc/context.ts';

/** Makes another member the owner and the viewer an admin, in one step. */
export function TransferOrg({ org, member: { id: memberId, email } }: { org: string; member: MemberView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const transfer = useMutation(
    trpc.people.transfer.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  );
  return (
    <ConfirmButton
      label={`Hand over the org to ${email}`}
      title={`Hand the org over to ${email}?`}
      description="This member becomes an owner and you become an admin. Only an owner can give it back."
      action="Hand the org over"
      run={() => transfer.mutateAsync({ org, memberId })}
    >
      Hand over
    </ConfirmButton>
  );
}
