'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { MemberView } from '../../server/domain/views/people-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Takes a member out of the org, or oneself. */
export function RemoveMember({ org, member: { id: memberId, email, isYou } }: { org: string; member: MemberView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const remove = useMutation(
    trpc.people.remove.mutationOptions({
      onSuccess: async () => {
        if (isYou) return window.location.assign('/');
        setOpen(false);
        await queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() });
      },
    }),
  );
  const after = 'The tasks filed from here stay; their runs end at their next step, and somebody else files them anew.';
  return (
    <>
      <Button look="quiet" aria-label={isYou ? 'Leave this org' : `Remove ${email}`} onClick={() => setOpen(true)}>
        {isYou ? 'Leave' : 'Remove'}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={isYou ? 'Leave this org?' : `Remove ${email}?`}
        description={`${isYou ? 'You see nothing of it any more until somebody invites you again.' : 'Nothing of the org is shown to this person any more, on open pages too.'} ${after}`}
      >
        {remove.error && (
          <p role="alert" className="text-sm text-bad">
            {errorText(remove.error)}
          </p>
        )}
        <DialogEnd leave={isYou ? 'Stay' : 'Keep the member'}>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate({ org, memberId })}>
            {isYou ? 'Leave the org' : 'Remove the member'}
          </Button>
        </DialogEnd>
      </Dialog>
    </>
  );
}
