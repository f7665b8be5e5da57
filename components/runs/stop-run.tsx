'use client';

import { useMutation } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { useRefreshOrg } from '../trpc/use-org-changes.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** Stops a run, with a reason that goes into the log. */
export function StopRun({ org, runId }: { org: string; runId: string }) {
  const trpc = useTRPC();
  const refresh = useRefreshOrg();
  const [open, setOpen] = useState(false);
  const stop = useMutation(
    trpc.runs.stop.mutationOptions({
      onSuccess: () => {
        setOpen(false);
        refresh();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    stop.mutate({ org, runId, reason: String(new FormData(event.currentTarget).get('reason')).trim() });
  };
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        <Square aria-hidden className="size-3.5 fill-current" />
        Stop
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Stop this run?"
        description="The agent is stopped at once and its task ends. What it has committed stays on its branch; nothing is merged."
      >
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Why" hint="It stands in the log, under your name." error={stop.error && errorText(stop.error)}>
            {(wiring) => <Input {...wiring} name="reason" required maxLength={500} autoFocus />}
          </Field>
          <DialogEnd leave="Let it run">
            <Button type="submit" look="danger" busy={stop.isPending}>
              Stop the run
            </Button>
          </DialogEnd>
        </form>
      </Dialog>
    </>
  );
}
