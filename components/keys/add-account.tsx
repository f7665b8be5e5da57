'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { AddByName } from '../trpc/add-by-name.tsx';
import { useTRPC } from '../trpc/context.ts';

export function AddAccount({ org }: { org: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const add = useMutation(
    trpc.keys.addAccount.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.keys.pathKey() }),
    }),
  );
  return <AddByName label="New service account" action="Add it" add={(name) => add.mutateAsync({ org, name })} />;
}
