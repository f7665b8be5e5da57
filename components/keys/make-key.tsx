'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keyScopes, type KeyScope } from '../../server/domain/authz/key-scopes.ts';
import type { ServiceAccountView } from '../../server/domain/views/key-views.ts';
import { scopeWords } from '../people/role-words.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/input.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';

const lifetimes = [7, 30, 90, 365];
const usual: KeyScope[] = ['org:read', 'repos:read', 'tasks:read', 'tasks:create', 'runs:read'];

type Props = { org: string; account: ServiceAccountView };

/** Makes a key of the account, and shows it this once. */
export function MakeKey({ org, account: { id: serviceAccountId, name } }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [days, setDays] = useState(30);
  const [scopes, setScopes] = useState<readonly KeyScope[]>(usual);
  const make = useMutation(
    trpc.keys.make.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.keys.pathKey() }),
    }),
  );
  const show = (next: boolean) => {
    setOpen(next);
    if (!next) make.reset();
  };
  return (
    <>
      <Button className="self-start" aria-label={`Make a key of ${name}`} onClick={() => show(true)}>
        Make a key
      </Button>
      <Dialog open={open} onOpenChange={show} title={`A key of ${name}`}>
        {make.data ? (
          <ShownOnce
            value={make.data.key}
            label="The key"
            what="key"
            words="Copy it now: it is shown this once and kept as a digest only."
          />
        ) : (
          <form
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              make.mutate({ org, serviceAccountId, scopes: [...scopes], days });
            }}
          >
            <ScopeChoice scopes={scopes} onChange={setScopes} />
            <Field label="Good for" error={make.error && errorText(make.error)}>
              {(wiring) => (
                <Select {...wiring} value={days} onChange={(event) => setDays(Number(event.target.value))}>
                  {lifetimes.map((each) => (
                    <option key={each} value={each}>
                      {each} days
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <DialogEnd>
              <Button type="submit" look="primary" busy={make.isPending} disabled={scopes.length === 0}>
                Make the key
              </Button>
            </DialogEnd>
          </form>
        )}
      </Dialog>
    </>
  );
}

type Choice = { scopes: readonly KeyScope[]; onChange: (scopes: readonly KeyScope[]) => void };

function ScopeChoice({ scopes, onChange }: Choice) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="pb-1 text-sm font-medium">It may</legend>
      {keyScopes.map((scope) => (
        <label key={scope} className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={scopes.includes(scope)}
            onChange={({ target }) =>
              onChange(keyScopes.filter((each) => (each === scope ? target.checked : scopes.includes(each))))
            }
          />
          {scopeWords[scope]}
        </label>
      ))}
    </fieldset>
  );
}
