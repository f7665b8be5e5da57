'use client';

import { useMutation } from '@tanstack/react-query';
import { Ellipsis, FileDiff, Files, Split } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { useRefreshOrg } from '../trpc/use-org-changes.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { TextArea } from '../ui/input.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';

/** What can be done with a turn of this run. */
export type TurnActs = {
  org: string;
  runId: string;
  mayRetry: boolean;
  showDiff: (turn: number) => void;
  showFiles: (seq: number) => void;
};

type Props = { turn: number; seq: number; acts: TurnActs };

/** The menu of a turn whose work tree was kept. */
export function TurnMenu({ turn, seq, acts }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`Turn ${turn}: more`}
            className="-my-1 ml-auto inline-flex size-7 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:size-11"
          >
            <Ellipsis aria-hidden className="size-4" />
          </button>
        }
      >
        <MenuItem onSelect={() => acts.showDiff(turn)}>
          <FileDiff aria-hidden className="size-4" />
          What this turn changed
        </MenuItem>
        <MenuItem onSelect={() => acts.showFiles(seq)}>
          <Files aria-hidden className="size-4" />
          Files after this turn
        </MenuItem>
        {acts.mayRetry && (
          <MenuItem onSelect={() => setAsking(true)}>
            <Split aria-hidden className="size-4" />
            Retry from here…
          </MenuItem>
        )}
      </Menu>
      <RetryDialog turn={turn} acts={acts} open={asking} onOpenChange={setAsking} />
    </>
  );
}

type Asking = Omit<Props, 'seq'> & { open: boolean; onOpenChange: (open: boolean) => void };

function RetryDialog({ turn, acts: { org, runId }, open, onOpenChange }: Asking) {
  const trpc = useTRPC();
  const refresh = useRefreshOrg();
  const router = useRouter();
  const retry = useMutation(
    trpc.runs.retry.mutationOptions({
      onSuccess: (next) => {
        onOpenChange(false);
        refresh();
        router.push(`/${org}/runs/${next.runId}`);
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note')).trim();
    retry.mutate({ org, runId, turn, note });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Retry from turn ${turn}?`}
      description="A new run goes on with the conversation and the files as they were after this turn. What came later stays in this run’s log and is left behind. It spends what the task’s budget has left."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="What to do differently"
          hint="The agent reads it before its next step. It may stay empty."
          error={retry.error && errorText(retry.error)}
        >
          {(wiring) => <TextArea {...wiring} name="note" rows={3} maxLength={4_000} autoFocus />}
        </Field>
        <DialogEnd leave="Leave it">
          <Button type="submit" look="primary" busy={retry.isPending}>
            Retry from turn {turn}
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
