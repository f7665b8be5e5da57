'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ServiceAccountView } from '../../server/domain/views/key-views.ts';
import { ConfirmButton } from '../trpc/confirm-button.tsx';
import { useTRPC } from '../trpc/context.ts';

type Props = { org: string; account: ServiceAccountView };

/** Ends a service account for good, after a question. */
export function RetireAccount({ org, account: { id: serviceAccountId, name } }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const retire = useMutation(
    trpc.keys.retireAccount.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.keys.pathKey() }),
    }),
  );
  return (
    <ConfirmButton
      size="small"
      label={`Retire ${name}`}
      title={`Retire ${name}?`}
      description="None of its keys works any more, and its runs end at their next step. It cannot be taken back; its name stays in the log."
      leave="Keep it"
      action="Retire the account"
      run={() => retire.mutateAsync({ org, serviceAccountId })}
    >
      Retire
    </ConfirmButton>
  );
}
