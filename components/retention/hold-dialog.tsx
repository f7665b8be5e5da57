'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RetentionView } from '../../server/domain/views/audit-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { ReasonField } from '../ui/reason-field.tsx';

type Hold = RetentionView['holds'][number];
type Props = { org: string; hold: Hold | null; onClose: () => void };

/** Asks for the reason of a hold that is placed (`hold` null) or lifted. */
export function HoldDialog({ org, hold, onClose }: Props) {
  const placing = hold === null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={placing ? 'Place a legal hold' : 'Lift this hold?'}
      description={
        placing
          ? 'What is held is neither erased by time nor by a person.'
          : 'What it kept goes with the next sweep, where its time is over.'
      }
    >
      <HoldForm org={org} hold={hold} onClose={onClose} />
    </Dialog>
  );
}

function useHold({ org, hold, onClose }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const done = {
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: trpc.retention.pathKey() });
    },
  };
  const place = useMutation(trpc.retention.placeHold.mutationOptions(done));
  const lift = useMutation(trpc.retention.liftHold.mutationOptions(done));
  return {
    error: place.error ?? lift.error,
    busy: place.isPending || lift.isPending,
    send: (runId: string, reason: string) =>
      hold === null
        ? place.mutate({ org, runId: runId === '' ? null : runId, reason })
        : lift.mutate({ org, holdId: hold.id, reason }),
  };
}

function HoldForm(props: Props) {
  const { error, busy, send } = useHold(props);
  const [runId, setRunId] = useState('');
  const [reason, setReason] = useState('');
  const placing = props.hold === null;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        send(runId.trim(), reason);
      }}
    >
      {placing && (
        <Field label="Run" hint="The id of one run. Empty: all of the org.">
          {(wiring) => (
            <Input {...wiring} mono value={runId} onChange={({ target }) => setRunId(target.value)} maxLength={64} />
          )}
        </Field>
      )}
      <ReasonField reason={reason} onChange={setReason} error={error} />
      <DialogEnd>
        <Button type="submit" look={placing ? 'primary' : 'danger'} busy={busy}>
          {placing ? 'Place the hold' : 'Lift the hold'}
        </Button>
      </DialogEnd>
    </form>
  );
}
