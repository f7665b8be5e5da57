'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { PutBeforeOthers } from '../policy/put-before-others.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

type Props = { org: string; from: { kind: 'catalogue' | 'role'; name: string }; title: string; suggested: string };

function NameIt({ org, from, title, suggested, onClose }: Props & { onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(suggested);
  const add = useMutation(
    trpc.roles.add.mutationOptions({
      onSuccess: async (added) => {
        if (added.approvalId === undefined) onClose();
        await queryClient.invalidateQueries();
      },
    }),
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={from.kind === 'catalogue' ? `Take ${title}` : `Copy ${title}`}
      description="The role comes into this org as version 1, and one agent is hired into it."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ org, from, name });
        }}
      >
        <Field label="Name of the role" error={add.error && errorText(add.error)}>
          {(wiring) => (
            <Input
              {...wiring}
              required
              maxLength={40}
              className="font-mono"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <PutBeforeOthers org={org} saved={add.data} />
        <DialogEnd>
          <Button type="submit" look="primary" busy={add.isPending}>
            Add it and hire an agent
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}

/** Brings a role into the org, under a name of its own. */
export function AddRole(props: Props) {
  const [open, setOpen] = useState(false);
  const words = props.from.kind === 'catalogue' ? 'Take' : 'Copy';
  return (
    <>
      <Button aria-label={`${words} ${props.title}`} onClick={() => setOpen(true)}>
        {words}
      </Button>
      {open && <NameIt {...props} onClose={() => setOpen(false)} />}
    </>
  );
}
