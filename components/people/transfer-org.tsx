'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { MemberView } from '../../server/domain/views/people-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Makes another member the owner and the viewer an admin, in one step. */
export function TransferOrg({ org, member: { id: memberId, email } }: { org: string; member: MemberView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const transfer = useMutation(
    trpc.people.transfer.mutationOptions({
      onSuccess: async () => {
        setOpen(false);
        await queryClient.invalidateQueries();
      },
    }),
  );
  return (
    <>
      <Button look="quiet" aria-label={`Hand the org over to ${email}`} onClick={() => setOpen(true)}>
        Hand over
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Hand the org over to ${email}?`}
        description="This member becomes an owner and you become an admin. Only an owner can give it back."
      >
        {transfer.error && (
          <p role="alert" className="text-sm text-bad">
            {errorText(transfer.error)}
          </p>
        )}
        <DialogEnd>
          <Button look="danger" busy={transfer.isPending} onClick={() => transfer.mutate({ org, memberId })}>
            Hand the org over
          </Button>
        </DialogEnd>
      </Dialog>
    </>
  );
}
