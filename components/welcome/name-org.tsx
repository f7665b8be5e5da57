'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** Makes the org; its address then carries the page, so that leaving and coming back loses nothing. */
export function NameOrg() {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.orgs.create.mutationOptions({
      onSuccess: async (org) => {
        await queryClient.invalidateQueries({ queryKey: trpc.orgs.pathKey() });
        router.replace(`/welcome?org=${org.slug}`);
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ name: String(new FormData(event.currentTarget).get('name')).trim() });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label="Name of the org"
        hint="The company, team or project whose repos and people this is for. Others never see what is in it."
        error={create.error && errorText(create.error)}
      >
        {(wiring) => <Input {...wiring} name="name" required maxLength={80} autoComplete="organization" autoFocus />}
      </Field>
      <Button type="submit" look="primary" className="self-start" busy={create.isPending || create.isSuccess}>
        Create org
      </Button>
    </form>
  );
}
