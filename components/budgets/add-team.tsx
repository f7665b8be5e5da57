'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { AddByName } from '../trpc/add-by-name.tsx';
import { useTRPC } from '../trpc/context.ts';

/** Adds a team by name; repos and agents are put into it at their own lines. */
export function AddTeam({ org }: { org: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const add = useMutation(trpc.budgets.addTeam.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }));
  return (
    <AddByName
      label="New team"
      hint="A team’s repos and agents share its budget."
      action="Add the team"
      add={(name) => add.mutateAsync({ org, name })}
    />
  );
}
