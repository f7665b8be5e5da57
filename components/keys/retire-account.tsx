'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ServiceAccountView } from '../../server/domain/views/key-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';

type Props = { org: string; account: ServiceAccountView };

/** Ends a service account for good, after a question. */
export function RetireAccount({ org, account: { id: serviceAccountId, name } }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const retire = useMutation(
    trpc.keys.retireAccount.mutationOptions({
      onSuccess: async () => {
        setOpen(false);
        await queryClient.invalidateQueries({ queryKey: trpc.keys.pathKey() });
      },
    }),
  );
  return (
    <>
      <Button look="quiet" size="small" aria-label={`Retire ${name}`} onClick={() => setOpen(true)}>
        Retire
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Retire ${name}?`}
        description="None of its keys works any more, and its runs end at their next step. It cannot be taken back; its name stays in the log."
      >
        {retire.error && (
          <p role="alert" className="text-sm text-bad">
            {errorText(retire.error)}
          </p>
        )}
        <DialogEnd leave="Keep it">
          <Button look="danger" busy={retire.isPending} onClick={() => retire.mutate({ org, serviceAccountId })}>
            Retire the account
          </Button>
        </DialogEnd>
      </Dialog>
    </>
  );
}
