'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import type { ModelOptionView, ModelsView } from '../../server/domain/views/model-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { readModelForm } from './model-form.ts';

type Props = {
  org: string;
  view: ModelsView;
  /** Null: a model that Fleet does not know yet. */
  option: ModelOptionView | null;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

function Which({ view }: { view: ModelsView }) {
  const [connectionId, setConnectionId] = useState(view.connections[0]?.id ?? '');
  const list = useId();
  const offers = view.connections.find(({ id }) => id === connectionId)?.offers ?? [];
  return (
    <>
      <Field label="Provider">
        {(wiring) => (
          <Select
            {...wiring}
            name="connectionId"
            value={connectionId}
            onChange={(event) => setConnectionId(event.target.value)}
          >
            {view.connections.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Model" hint="Its name, as the provider takes it.">
        {(wiring) => <Input {...wiring} name="model" required mono maxLength={200} autoComplete="off" list={list} />}
      </Field>
      <datalist id={list}>
        {offers.map((offer) => (
          <option key={offer} value={offer} />
        ))}
      </datalist>
    </>
  );
}

function Sizes() {
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Context, tokens">
          {(wiring) => <Input {...wiring} name="context" required inputMode="numeric" placeholder="131072" />}
        </Field>
        <Field label="Longest reply, tokens">
          {(wiring) => <Input {...wiring} name="reply" required inputMode="numeric" placeholder="8192" />}
        </Field>
      </div>
      <label className="flex items-center gap-2 text-sm">
        <input type="checkbox" name="images" /> It sees images
      </label>
    </>
  );
}

const priceNames = [
  ['input', 'Input'],
  ['output', 'Output'],
  ['cacheRead', 'Read from the cache'],
  ['cacheWrite', 'Written to the cache'],
] as const;

function Prices({ option }: { option: ModelOptionView | null }) {
  const [free, setFree] = useState(false);
  const shown = (micros: number | undefined) => (micros === undefined ? '' : String(micros / 1e6));
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1.5 text-sm font-medium">Dollars per million tokens</legend>
      <label className="flex items-center gap-2 text-sm">
        <input type="checkbox" name="free" checked={free} onChange={(event) => setFree(event.target.checked)} /> It
        costs nothing
      </label>
      {!free && (
        <div className="grid grid-cols-2 gap-3">
          {priceNames.map(([name, label]) => (
            <Field key={name} label={label}>
              {(wiring) => (
                <Input
                  {...wiring}
                  name={name}
                  required={name === 'input' || name === 'output'}
                  inputMode="decimal"
                  defaultValue={shown(option?.prices?.[name])}
                />
              )}
            </Field>
          ))}
        </div>
      )}
    </fieldset>
  );
}

/** Sets what the org pays for a model, and, for one that Fleet does not know, what it is. */
export function EditModel({ org, view, option, open, onOpenChange }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const save = useMutation(
    trpc.settings.saveModel.mutationOptions({
      onSuccess: async () => {
        onOpenChange(false);
        await queryClient.invalidateQueries();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = readModelForm(new FormData(event.currentTarget), option);
    setProblem('problem' in read ? read.problem : null);
    if (!('problem' in read)) save.mutate({ org, ...read });
  };
  const wrong = problem ?? (save.error && errorText(save.error));
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={option ? `Price of ${option.name}` : 'Add a model'}
      description="Every budget is kept by this price: runs that begin from now on are counted at it."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        {!option && <Which view={view} />}
        {!option && <Sizes />}
        <Prices option={option} />
        {wrong && <Notice look="bad">{wrong}</Notice>}
        <DialogEnd>
          <Button type="submit" look="primary" busy={save.isPending}>
            {option ? 'Set the price' : 'Add the model'}
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
