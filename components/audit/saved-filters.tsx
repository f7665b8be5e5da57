'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { BookmarkPlus, X } from 'lucide-react';
import { useState } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

type Props = { org: string; filter: string; onChoose: (filter: string) => void };

/** Filters that people of the org keep under a name. */
export function SavedFilters({ org, filter, onChoose }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const saved = useQuery(trpc.audit.filters.queryOptions({ org })).data ?? [];
  const again = () => queries.invalidateQueries(trpc.audit.filters.queryFilter({ org }));
  const remove = useMutation(trpc.audit.removeFilter.mutationOptions({ onSettled: again }));
  const [saving, setSaving] = useState(false);
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      {saved.map(({ id, name, filter: kept, by }) => (
        <span
          key={id}
          className={clsx(
            'inline-flex max-w-full items-center rounded-full border text-sm',
            kept === filter ? 'border-accent bg-accent-soft text-accent' : 'border-control',
          )}
        >
          <button
            type="button"
            aria-pressed={kept === filter}
            title={`${kept} (kept by ${by})`}
            onClick={() => onChoose(kept)}
            className="h-7 min-w-0 truncate rounded-l-full pr-1 pl-3 foreign hover:bg-hover pointer-coarse:h-11"
          >
            {name}
          </button>
          <button
            type="button"
            aria-label={`Remove the saved filter ${name}`}
            onClick={() => remove.mutate({ org, savedFilterId: id })}
            className="inline-flex h-7 w-7 items-center justify-center rounded-r-full text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:h-11 pointer-coarse:w-11"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
      {filter !== '' && !saved.some(({ filter: kept }) => kept === filter) && (
        <Button size="small" look="quiet" onClick={() => setSaving(true)}>
          <BookmarkPlus aria-hidden className="size-4" />
          Save this filter
        </Button>
      )}
      <SaveDialog org={org} filter={filter} open={saving} onOpenChange={setSaving} onSaved={again} />
    </div>
  );
}

type SaveProps = {
  org: string;
  filter: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSaved: () => void;
};

function SaveDialog({ org, filter, open, onOpenChange, onSaved }: SaveProps) {
  const trpc = useTRPC();
  const [name, setName] = useState('');
  const save = useMutation(
    trpc.audit.saveFilter.mutationOptions({
      onSuccess: () => {
        onSaved();
        setName('');
        onOpenChange(false);
      },
    }),
  );
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Save this filter"
      description={<span className="font-mono text-sm">{filter}</span>}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ org, name, filter });
        }}
      >
        <Field
          label="Name"
          hint="Everybody who may read this log sees it. A name that is there already is replaced."
          error={save.error && errorText(save.error)}
        >
          {(wiring) => (
            <Input {...wiring} value={name} maxLength={60} required onChange={({ target }) => setName(target.value)} />
          )}
        </Field>
        <DialogEnd>
          <Button type="submit" look="primary" busy={save.isPending}>
            Save
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
