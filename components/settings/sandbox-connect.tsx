'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import type { SandboxPlaceView } from '../../server/domain/views/sandbox-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';

type Props = {
  org: string;
  account: SandboxPlaceView['account'];
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

function Fields({ account }: Pick<Props, 'account'>) {
  return (
    <>
      <Field label="Address" hint="Of E2B, or of your own installation of it. It must be public.">
        {(wiring) => (
          <Input
            {...wiring}
            name="baseUrl"
            type="url"
            required
            mono
            maxLength={300}
            defaultValue={account?.baseUrl ?? 'https://e2b.app'}
          />
        )}
      </Field>
      <Field label="Template" hint="What its machines are made of. It needs bash, git, perl, python3 and util-linux.">
        {(wiring) => (
          <Input {...wiring} name="template" required mono maxLength={200} defaultValue={account?.template ?? 'base'} />
        )}
      </Field>
      <Field
        label="Key"
        hint="It is tried once, stored encrypted and shown to nobody again. It never enters a sandbox."
      >
        {(wiring) => (
          <Input
            {...wiring}
            name="key"
            type="password"
            required
            mono
            maxLength={500}
            autoComplete="off"
            placeholder="e2b_…"
          />
        )}
      </Field>
    </>
  );
}

/** Connects an account, or replaces it; it is called once before anything is saved. */
export function ConnectSandboxes({ org, account, open, onOpenChange }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const save = useMutation(
    trpc.settings.saveSandboxAccount.mutationOptions({
      onSuccess: async () => {
        onOpenChange(false);
        await queryClient.invalidateQueries();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    save.mutate({ org, baseUrl: text('baseUrl'), template: text('template'), key: text('key') });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={account === null ? 'Connect an account of E2B' : 'Replace the account'}
      description="Code of this org’s repos is sent there, and commands run there, from the next sandbox on."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Fields account={account} />
        {save.error && <Notice look="bad">{errorText(save.error)}</Notice>}
        <DialogEnd>
          <Button type="submit" look="primary" busy={save.isPending}>
            {account === null ? 'Connect it' : 'Replace it'}
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
