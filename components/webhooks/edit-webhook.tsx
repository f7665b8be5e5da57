'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import type { WebhookView } from '../../server/domain/views/webhook-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { secretWords } from './secret-words.ts';
import { ShownOnce } from '../ui/shown-once.tsx';

type Props = { org: string; webhook: WebhookView | null; onClose: () => void };

const contents = [
  { name: 'sendsEvents', label: 'Events', hint: 'one message each, as they stand in the log' },
  { name: 'sendsHeads', label: 'Signed heads', hint: 'what the log came to, once a minute at most' },
] as const;

/** Adds a webhook, and shows its secret this once; or says anew what one gets and where. */
export function EditWebhook({ org, webhook, onClose }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const save = useMutation(
    trpc.webhooks.save.mutationOptions({
      onSuccess: async ({ secret }) => {
        if (secret === null) onClose();
        await queries.invalidateQueries({ queryKey: trpc.webhooks.pathKey() });
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const sends = { sendsEvents: form.has('sendsEvents'), sendsHeads: form.has('sendsHeads') };
    save.mutate({ org, webhookId: webhook?.id ?? null, url: text('url'), filter: text('filter'), ...sends });
  };
  const secret = save.data?.secret ?? null;
  if (secret !== null) {
    return (
      <Dialog open onOpenChange={onClose} title="The secret of this webhook">
        <ShownOnce value={secret} label="The secret" what="secret" words={secretWords} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={webhook === null ? 'Add a webhook' : 'Change this webhook'}
      description={
        webhook === null
          ? 'It gets what happens from now on.'
          : 'What waits for it is sent to the new address. Its secret stays.'
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Fields webhook={webhook} />
        {save.error && <Notice look="bad">{errorText(save.error)}</Notice>}
        <DialogEnd>
          <Button type="submit" look="primary" busy={save.isPending}>
            {webhook === null ? 'Add the webhook' : 'Change the webhook'}
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}

function Fields({ webhook }: Pick<Props, 'webhook'>) {
  const checked = { sendsEvents: webhook?.sendsEvents ?? true, sendsHeads: webhook?.sendsHeads ?? false };
  return (
    <>
      <Field label="Address">
        {(wiring) => (
          <Input
            {...wiring}
            name="url"
            type="url"
            required
            mono
            maxLength={2_000}
            autoComplete="off"
            placeholder="https://hooks.example.com/fleet"
            defaultValue={webhook?.url}
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-1 text-sm">
        <legend className="mb-1 font-medium">It gets</legend>
        {contents.map(({ name, label, hint }) => (
          <label key={name} className="flex min-h-7 items-start gap-2 pointer-coarse:min-h-11">
            <input type="checkbox" name={name} className="mt-1" defaultChecked={checked[name]} />
            <span>
              {label} <span className="text-ink-3">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Field
        label="Only events that pass"
        optional
        hint="A filter as on the Audit page, such as kind:approval.* kind:change.merged repo:shop. Empty: all of them."
      >
        {(wiring) => (
          <Input
            {...wiring}
            name="filter"
            mono
            maxLength={500}
            autoComplete="off"
            spellCheck={false}
            defaultValue={webhook?.filter}
          />
        )}
      </Field>
    </>
  );
}
