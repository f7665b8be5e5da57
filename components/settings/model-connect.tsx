'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import type { Protocol } from '../../server/domain/models/model-spec.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';

function Fields() {
  return (
    <>
      <Field label="Name">
        {(wiring) => <Input {...wiring} name="name" required maxLength={60} autoComplete="off" placeholder="OpenAI" />}
      </Field>
      <Field label="Protocol" hint="OpenAI’s is what OpenAI, Gemini’s compatible endpoint, Ollama and vLLM speak.">
        {(wiring) => (
          <Select {...wiring} name="protocol" defaultValue="chat-completions">
            <option value="chat-completions">OpenAI (chat completions)</option>
            <option value="anthropic">Anthropic (messages)</option>
          </Select>
        )}
      </Field>
      <Field
        label="Address"
        hint="Up to where the protocol’s own paths begin. On this machine or in a private network: only for the operator."
      >
        {(wiring) => (
          <Input
            {...wiring}
            name="baseUrl"
            type="url"
            required
            mono
            maxLength={500}
            placeholder="https://api.openai.com/v1"
          />
        )}
      </Field>
      <Field
        label="Key"
        optional
        hint="Stored encrypted and shown to nobody again. Leave it empty where none is needed."
      >
        {(wiring) => <Input {...wiring} name="key" type="password" mono maxLength={500} autoComplete="off" />}
      </Field>
    </>
  );
}

type Props = { org: string; open: boolean; onOpenChange: (open: boolean) => void };

/** Connects a provider; it is called once before anything is saved. */
export function ConnectProvider({ org, open, onOpenChange }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const save = useMutation(
    trpc.settings.saveModelConnection.mutationOptions({
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
    const protocol = text('protocol') as Protocol;
    save.mutate({ org, name: text('name'), protocol, baseUrl: text('baseUrl'), key: text('key') });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Connect a model provider"
      description="It is asked once for its models, which costs nothing, before it is saved."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Fields />
        {save.error && <Notice look="bad">{errorText(save.error)}</Notice>}
        <DialogEnd>
          <Button type="submit" look="primary" busy={save.isPending}>
            Connect
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
