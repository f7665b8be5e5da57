'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TeamView } from '../../server/domain/views/team-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

export function RenameTeam({ org, team: { id: teamId, name } }: { org: string; team: TeamView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const rename = useMutation(
    trpc.teams.rename.mutationOptions({
      onSuccess: async () => {
        setOpen(false);
        await queryClient.invalidateQueries();
      },
    }),
  );
  return (
    <>
      <Button look="quiet" size="small" aria-label={`Rename ${name}`} onClick={() => setOpen(true)}>
        Rename
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={`Rename ${name}`}>
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            rename.mutate({ org, teamId, name: String(new FormData(event.currentTarget).get('name')) });
          }}
        >
          <Field label="Name" error={rename.error && errorText(rename.error)}>
            {(wiring) => <Input {...wiring} name="name" required maxLength={80} defaultValue={name} />}
          </Field>
          <DialogEnd>
            <Button type="submit" look="primary" busy={rename.isPending}>
              Save the name
            </Button>
          </DialogEnd>
        </form>
      </Dialog>
    </>
  );
}
