'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Eraser } from 'lucide-react';
import { useState } from 'react';
import type { LogEventView } from '../../server/domain/views/audit-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ReasonField } from '../ui/reason-field.tsx';

/** Blanks what one event says, for good, with a reason that stays. */
export function ErasePayload({ org, event: { streamId, seq, kind } }: { org: string; event: LogEventView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const erase = useMutation(
    trpc.audit.erase.mutationOptions({
      onSuccess: async () => {
        setOpen(false);
        await queries.invalidateQueries({ queryKey: trpc.audit.pathKey() });
      },
    }),
  );
  return (
    <>
      <Button look="quiet" size="small" className="self-start" onClick={() => setOpen(true)}>
        <Eraser aria-hidden className="size-4" />
        Erase the payload
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Erase what event ${seq} says?`}
        description={`The payload of this event (${kind}) is blanked and nobody can bring it back. Who did it, when, the reason and the hash of what was there stay, signed: the log still verifies. What other pages show, such as a task’s title, is not in the log and is not erased.`}
      >
        <form
          className="flex flex-col gap-4"
          onSubmit={(submitted) => {
            submitted.preventDefault();
            erase.mutate({ org, streamId, seq, reason });
          }}
        >
          <ReasonField
            reason={reason}
            onChange={setReason}
            hint="It stays in the log for ever: do not repeat what is to be erased."
            error={erase.error}
          />
          <DialogEnd leave="Keep it">
            <Button type="submit" look="danger" busy={erase.isPending}>
              Erase for good
            </Button>
          </DialogEnd>
        </form>
      </Dialog>
    </>
  );
}
