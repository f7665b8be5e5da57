'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { mostRuns } from '../../server/domain/budget/amounts.ts';
import type { BudgetRowView } from '../../server/domain/views/budget-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** What was typed as a number of the smallest unit; empty is no limit. */
function amount(form: FormData, name: string, unit: number): number | null {
  const text = String(form.get(name) ?? '').trim();
  return text === '' ? null : Math.round(Number(text) * unit);
}

const isNumber = (value: number | null) => value === null || Number.isFinite(value);

const shown = (value: number | null, unit: number) => (value === null ? '' : String(value / unit));

function Amounts({ row, error }: { row: BudgetRowView; error: ReactNode }) {
  return (
    <>
      <Field label="Money in dollars" hint="Empty: no limit." error={error}>
        {(wiring) => <Input {...wiring} name="money" inputMode="decimal" defaultValue={shown(row.micros, 1e6)} />}
      </Field>
      <Field label="Run time in minutes" hint="Empty: no limit of its own.">
        {(wiring) => <Input {...wiring} name="time" inputMode="decimal" defaultValue={shown(row.seconds, 60)} />}
      </Field>
      <Field label="Tokens" hint="Prompt and reply, cached or not. Empty: no limit.">
        {(wiring) => <Input {...wiring} name="tokens" inputMode="numeric" defaultValue={shown(row.tokens, 1)} />}
      </Field>
      {row.maxRuns !== null && (
        <Field label="Runs at once" hint={`From 1 to ${mostRuns}. Others wait for a place, and say so.`}>
          {(wiring) => (
            <Input {...wiring} required name="runs" inputMode="numeric" defaultValue={String(row.maxRuns)} />
          )}
        </Field>
      )}
    </>
  );
}

/** Sets one budget: money, run time and tokens, each of which may be without a limit. */
export function EditBudget({ org, row }: { org: string; row: BudgetRowView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(true);
  const save = useMutation(
    trpc.settings.setBudget.mutationOptions({
      onSuccess: async () => {
        setOpen(false);
        await queryClient.invalidateQueries();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const { dimension, subject } = row;
    const amounts = {
      micros: amount(form, 'money', 1e6),
      seconds: amount(form, 'time', 60),
      tokens: amount(form, 'tokens', 1),
    };
    const maxRuns = amount(form, 'runs', 1);
    const numbers = [...Object.values(amounts), maxRuns].every(isNumber);
    setTyped(numbers);
    if (numbers) save.mutate({ org, dimension, subject, ...amounts, ...(maxRuns === null ? {} : { maxRuns }) });
  };
  return (
    <>
      <Button look="quiet" aria-label={`Set the budget of ${row.name}`} onClick={() => setOpen(true)}>
        Set
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Budget of ${row.name}`}
        description={
          row.rule
            ? 'It holds for what begins from now on. A role may allow less, never more.'
            : 'It begins anew on the first of each month (UTC). What this month has used counts; runs beyond the limit are stopped.'
        }
      >
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Amounts
            row={row}
            error={typed ? save.error && errorText(save.error) : 'Type numbers only, such as 12.50.'}
          />
          <DialogEnd>
            <Button type="submit" look="primary" busy={save.isPending}>
              Set the budget
            </Button>
          </DialogEnd>
        </form>
      </Dialog>
    </>
  );
}
