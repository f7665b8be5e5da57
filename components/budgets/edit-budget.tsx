'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { mostRuns } from '../../server/domain/budget/amounts.ts';
import type { BudgetRowView } from '../../server/domain/views/budget-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorField, errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';

/** Each field by the name it has in the input; `unit` is what it is typed in, in the smallest unit. */
const fields = {
  micros: { label: 'Money in dollars', hint: 'Empty: no limit.', unit: 1e6, example: '12.50' },
  seconds: { label: 'Run time in minutes', hint: 'Empty: no limit of its own.', unit: 60, example: '90' },
  tokens: { label: 'Tokens', hint: 'Prompt and reply, cached or not. Empty: no limit.', unit: 1, example: '500000' },
  maxRuns: {
    label: 'Runs at once',
    hint: `From 1 to ${mostRuns}. Others wait for a place, and say so.`,
    unit: 1,
    example: '5',
  },
} as const;

type Name = keyof typeof fields;
const names = Object.keys(fields) as Name[];
type Wrong = Partial<Record<Name, string>>;

/** What was typed as a number of the smallest unit; empty is no limit. */
function typedIn(form: FormData, name: Name): number | null {
  const text = String(form.get(name) ?? '').trim();
  return text === '' ? null : Math.round(Number(text) * fields[name].unit);
}

const typedBudget = (form: FormData) => ({
  micros: typedIn(form, 'micros'),
  seconds: typedIn(form, 'seconds'),
  tokens: typedIn(form, 'tokens'),
  maxRuns: typedIn(form, 'maxRuns'),
});

function notNumbers(typed: Record<Name, number | null>): Wrong {
  const wrong = names.filter((name) => Number.isNaN(typed[name]));
  return Object.fromEntries(wrong.map((name) => [name, `Type a number only, such as ${fields[name].example}.`]));
}

function Amount({ name, row, wrong }: { name: Name; row: BudgetRowView; wrong: Wrong }) {
  const { label, hint, unit } = fields[name];
  const value = row[name];
  return (
    <Field label={label} hint={hint} error={wrong[name]}>
      {(wiring) => (
        <Input
          {...wiring}
          name={name}
          required={name === 'maxRuns'}
          inputMode={unit === 1 ? 'numeric' : 'decimal'}
          defaultValue={value === null ? '' : String(value / unit)}
        />
      )}
    </Field>
  );
}

/** Sets one budget: money, run time and tokens, each of which may be without a limit. */
export function EditBudget({ org, row }: { org: string; row: BudgetRowView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [mistyped, setMistyped] = useState<Wrong>({});
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
    const { maxRuns, ...amounts } = typedBudget(form);
    const wrongly = notNumbers({ ...amounts, maxRuns });
    setMistyped(wrongly);
    save.reset();
    if (Object.keys(wrongly).length > 0) return;
    save.mutate({ org, dimension, subject, ...amounts, ...(maxRuns === null ? {} : { maxRuns }) });
  };
  const field = errorField(save.error) ?? '';
  const wrong = field in fields ? { [field]: errorText(save.error) } : mistyped;
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
          {names
            .filter((name) => name !== 'maxRuns' || row.maxRuns !== null)
            .map((name) => (
              <Amount key={name} name={name} row={row} wrong={wrong} />
            ))}
          {save.error && !(field in fields) && <Notice look="bad">{errorText(save.error)}</Notice>}
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
