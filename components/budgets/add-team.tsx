'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** Adds a team by name; repos and agents are put into it at their own lines. */
export function AddTeam({ org }: { org: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const add = useMutation(
    trpc.budgets.addTeam.mutationOptions({
      onSuccess: async () => {
        setName('');
        await queryClient.invalidateQueries();
      },
    }),
  );
  return (
    <form
      className="flex max-w-md flex-wrap items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate({ org, name });
      }}
    >
      <div className="min-w-40 flex-1">
        <Field
          label="New team"
          hint="A team’s repos and agents share its budget."
          error={add.error && errorText(add.error)}
        >
          {(wiring) => (
            <Input {...wiring} required maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
      </div>
      <Button type="submit" className="mt-6" busy={add.isPending}>
        Add the team
      </Button>
    </form>
  );
}
