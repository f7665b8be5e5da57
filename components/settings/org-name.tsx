'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** Gives the org another name; the addresses of its pages stay. */
export function OrgName({ org, name }: { org: string; name: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [next, setNext] = useState(name);
  const rename = useMutation(trpc.orgs.rename.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }));
  return (
    <form
      className="flex max-w-md flex-wrap items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate({ org, name: next });
      }}
    >
      <Field
        label="Name of the org"
        className="min-w-40 flex-1"
        error={rename.error && errorText(rename.error)}
        hint={`Its short name, ${org}, stays: links to its pages go on working.`}
      >
        {(wiring) => (
          <Input {...wiring} required maxLength={80} value={next} onChange={(event) => setNext(event.target.value)} />
        )}
      </Field>
      <Button
        type="submit"
        className="mt-6.5"
        busy={rename.isPending}
        disabled={next.trim() === '' || next.trim() === name}
      >
        Rename
      </Button>
    </form>
  );
}
