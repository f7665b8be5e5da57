'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { retentionKinds } from '../../server/domain/audit/retention.ts';
import type { RetentionView } from '../../server/domain/views/audit-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { plural } from '../ui/format.ts';
import { Input } from '../ui/input.tsx';

type Kept = RetentionView['kinds'][number];
type Props = { org: string; kept: Kept; floor: number; mayChange: boolean; held: boolean };

const titles = { outputs: 'Tool outputs', transcripts: 'Transcripts', records: 'Records' } as const;

/** One kind: for how long it is kept, and what goes next. */
export function KeptFor({ org, kept: { kind, days, before, due }, floor, mayChange, held }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 py-3">
      <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
        <p className="font-medium">{titles[kind]}</p>
        <p className="text-sm text-ink-2">
          {retentionKinds[kind]}
          {kind === 'records' ? `: ${plural(floor, 'day')}.` : '.'}
        </p>
        <p className="text-sm text-ink-3">
          {before === null
            ? 'Nothing of it goes.'
            : `What is from before ${before.slice(0, 10)} goes: ${plural(due, 'event')} now${held ? ', once the hold is lifted' : ''}.`}
        </p>
      </div>
      <div className="flex items-center gap-3">
        <span className="figures">{days === null ? 'for ever' : plural(days, 'day')}</span>
        {mayChange && (
          <Button size="small" aria-label={`Change how long ${titles[kind]} are kept`} onClick={() => setOpen(true)}>
            Change
          </Button>
        )}
      </div>
      <ChangeDialog org={org} kind={kind} days={days} floor={floor} open={open} onOpenChange={setOpen} />
    </li>
  );
}

type ChangeProps = Pick<Kept, 'kind' | 'days'> & {
  org: string;
  floor: number;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

function ChangeDialog({ org, kind, days, floor, open, onOpenChange }: ChangeProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [text, setText] = useState(days === null ? '' : String(days));
  const set = useMutation(
    trpc.retention.set.mutationOptions({
      onSuccess: async () => {
        onOpenChange(false);
        await queries.invalidateQueries({ queryKey: trpc.retention.pathKey() });
      },
    }),
  );
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`How long are ${titles[kind].toLowerCase()} kept?`}
      description="What is older is erased for good from the next sweep on; nobody can bring it back. Events of tasks that are still worked on stay."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          set.mutate({ org, kind, days: text === '' ? null : Number(text) });
        }}
      >
        <Field label="Days" hint="Empty: for ever." error={set.error && errorText(set.error)}>
          {(wiring) => (
            <Input
              {...wiring}
              type="number"
              inputMode="numeric"
              min={kind === 'records' ? floor : 1}
              max={36_500}
              step={1}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
        <DialogEnd>
          <Button type="submit" look="danger" busy={set.isPending}>
            {text === '' ? 'Keep for ever' : 'Erase what is older'}
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
