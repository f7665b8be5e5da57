'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, type FormEvent, type InputHTMLAttributes } from 'react';
import type { ModelStatusView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';

const sources: Record<ModelStatusView['source'], string> = {
  org_key: 'A key of this org',
  environment: 'The key of this installation',
  none: 'No key for Anthropic',
};

const marks: Record<ModelStatusView['kind'], string> = {
  anthropic: 'Claude',
  connected: 'Another provider',
  scripted: 'Scripted model',
};

function Status({ model }: { model: ModelStatusView }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-3">
        <Mark tone={model.kind === 'scripted' ? 'doubtful' : 'good'}>{marks[model.kind]}</Mark>
        <span>{sources[model.source]}</span>
        {model.hint && <span className="font-mono text-ink-2">{model.hint}</span>}
      </p>
      <p className="max-w-[76ch] text-ink-2">{model.sentence}</p>
    </div>
  );
}

/** Replaces or removes the org's key. */
function KeyForm({ org, hasOwn }: { org: string; hasOwn: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const done = async () => {
    form.current?.reset();
    await queryClient.invalidateQueries();
  };
  const save = useMutation(trpc.settings.saveModelKey.mutationOptions({ onSuccess: done }));
  const remove = useMutation(trpc.settings.removeModelKey.mutationOptions({ onSuccess: done }));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate({ org, key: String(new FormData(event.currentTarget).get('key')) });
  };
  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label={hasOwn ? 'New Anthropic API key' : 'Anthropic API key'}
        hint="It is tried once, stored encrypted and shown to nobody again. It never enters a sandbox."
        error={save.error && errorText(save.error)}
      >
        {(wiring) => <KeyInput {...wiring} />}
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" look="primary" busy={save.isPending}>
          {hasOwn ? 'Replace the key' : 'Save the key'}
        </Button>
        {hasOwn && (
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate({ org })}>
            Remove the key
          </Button>
        )}
        {save.isSuccess && (
          <span role="status" className="text-sm text-good">
            The key works and is saved.
          </span>
        )}
      </div>
      {remove.error && <Notice look="bad">{errorText(remove.error)}</Notice>}
    </form>
  );
}

function KeyInput(wiring: InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Input
      {...wiring}
      name="key"
      type="password"
      required
      mono
      autoComplete="off"
      placeholder="sk-ant-…"
      maxLength={500}
    />
  );
}

/** Which model answers, and the org's own key: it can be replaced and removed, never read. */
export function ModelKey({ org, mayChange }: { org: string; mayChange: boolean }) {
  const trpc = useTRPC();
  const model = useQuery(trpc.settings.model.queryOptions({ org })).data;
  if (!model) return null;
  return (
    <div className="flex max-w-2xl flex-col gap-5">
      <Status model={model} />
      {mayChange ? (
        <KeyForm org={org} hasOwn={model.source === 'org_key'} />
      ) : (
        <Notice>Owners and admins can change the key.</Notice>
      )}
    </div>
  );
}
