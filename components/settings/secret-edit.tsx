'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { defaultHeaderForm } from '../../server/domain/secrets/header-form.ts';
import type { SecretView } from '../../server/domain/views/secret-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select, TextArea } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';

/** `secret` null: a new one. */
type Of = { org: string; secret: SecretView | null };

function What({ secret }: Pick<Of, 'secret'>) {
  return (
    <>
      <Field label="Variable" hint="Commands find a placeholder in it, as ${NPM_TOKEN} in .npmrc.">
        {(wiring) => (
          <Input
            {...wiring}
            name="name"
            required
            mono
            maxLength={60}
            autoComplete="off"
            placeholder="NPM_TOKEN"
            defaultValue={secret?.name}
          />
        )}
      </Field>
      <Field
        label={secret ? 'New secret' : 'Secret'}
        hint="Stored encrypted and shown to nobody again. Take one that can do no more than it has to, such as reading packages."
      >
        {(wiring) => (
          <Input {...wiring} name="value" type="password" required mono maxLength={8_000} autoComplete="off" />
        )}
      </Field>
    </>
  );
}

function Where({ secret }: Pick<Of, 'secret'>) {
  return (
    <>
      <Field label="Hosts it may be sent to" hint="One a line; with :port where that is not 443.">
        {(wiring) => (
          <TextArea
            {...wiring}
            name="places"
            required
            className="font-mono"
            spellCheck={false}
            placeholder="npm.example.com"
            defaultValue={secret?.places.join('\n')}
          />
        )}
      </Field>
      <Field
        label="Header"
        hint="The one header that carries it, with {} in its place. For a user name and password: Authorization: Basic name:{}"
      >
        {(wiring) => (
          <Input
            {...wiring}
            name="header"
            required
            mono
            maxLength={500}
            autoComplete="off"
            defaultValue={secret?.header ?? defaultHeaderForm}
          />
        )}
      </Field>
    </>
  );
}

function When({ org, secret }: Of) {
  const trpc = useTRPC();
  const repos = useQuery(trpc.repos.list.queryOptions({ org })).data ?? [];
  return (
    <>
      <fieldset className="flex flex-col gap-2 text-sm">
        <legend className="mb-1.5 font-medium">Used in</legend>
        <label className="flex items-start gap-2">
          <input type="checkbox" name="inSetUp" className="mt-1" defaultChecked={secret?.inSetUp ?? true} />
          <span>
            Set-ups <span className="text-ink-3">(its hosts are open to them)</span>
          </span>
        </label>
        <label className="flex items-start gap-2">
          <input type="checkbox" name="inRuns" className="mt-1" defaultChecked={secret?.inRuns ?? false} />
          <span>
            Runs of agents <span className="text-ink-3">(where the role or a person opens its hosts)</span>
          </span>
        </label>
      </fieldset>
      <Field label="Repo">
        {(wiring) => (
          // Anew once the list is there: a choice that is not in it yet would be lost.
          <Select {...wiring} key={repos.length} name="repoId" defaultValue={secret?.repoId ?? ''}>
            <option value="">Every repo of this org</option>
            {repos.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}

function entryOf(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? '');
  const places = text('places')
    .split(/[\s,]+/u)
    .filter((place) => place !== '');
  return {
    ...{ name: text('name'), value: text('value'), header: text('header'), places },
    ...{ inSetUp: form.has('inSetUp'), inRuns: form.has('inRuns'), repoId: text('repoId') || null },
  };
}

/** Saves a secret, or puts another in the place of one: all of it is entered again, so that none is sent elsewhere unseen. */
export function EditSecret({
  org,
  secret,
  open,
  onOpenChange,
}: Of & { open: boolean; onOpenChange: (open: boolean) => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const save = useMutation(
    trpc.secrets.save.mutationOptions({
      onSuccess: async () => {
        onOpenChange(false);
        await queryClient.invalidateQueries();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate({ org, secretId: secret?.id ?? null, ...entryOf(new FormData(event.currentTarget)) });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={secret ? `Replace ${secret.name}` : 'Add a secret'}
      description={
        secret
          ? 'The secret is entered again, also where only the rest changes.'
          : 'Fleet puts it into requests as they leave a sandbox. In the sandbox there is a placeholder.'
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <What secret={secret} />
        <Where secret={secret} />
        <When org={org} secret={secret} />
        {save.error && <Notice look="bad">{errorText(save.error)}</Notice>}
        <DialogEnd>
          <Button type="submit" look="primary" busy={save.isPending}>
            {secret ? 'Replace the secret' : 'Save the secret'}
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
