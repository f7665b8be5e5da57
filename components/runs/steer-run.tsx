'use client';

import { useMutation } from '@tanstack/react-query';
import { Clock, Send } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { RunView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { useRefreshOrg } from '../trpc/use-org-changes.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { TextArea } from '../ui/input.tsx';

function PendingMessages({ messages }: { messages: RunView['pendingMessages'] }) {
  if (messages.length === 0) return null;
  return (
    <ul aria-label="Messages on their way" className="flex flex-col gap-1 text-sm">
      {messages.map(({ id, text }) => (
        <li key={id} className="flex items-start gap-2 text-ink-2">
          <Clock aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
          <span className="min-w-0 foreign">
            <span className="text-ink-3">On its way:</span> <span className="whitespace-pre-wrap">{text}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** A message to the agent of a run that is not over, and those that it has not got yet. */
export function SteerRun({ org, run }: { org: string; run: RunView }) {
  const trpc = useTRPC();
  const refresh = useRefreshOrg();
  const [text, setText] = useState('');
  const steer = useMutation(
    trpc.runs.steer.mutationOptions({
      onSuccess: () => {
        setText('');
        refresh();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (text.trim() !== '') steer.mutate({ org, runId: run.id, text });
  };
  return (
    <div className="flex flex-col gap-3 border-t border-line py-4">
      <PendingMessages messages={run.pendingMessages} />
      <form onSubmit={submit} className="flex flex-col items-end gap-2">
        <Field
          label="Message to the agent"
          hint="It reads this before its next step. It cannot give it more rights than its role has."
          error={steer.error && errorText(steer.error)}
          className="w-full"
        >
          {(wiring) => (
            <TextArea
              {...wiring}
              name="message"
              rows={2}
              maxLength={4000}
              value={text}
              onChange={(event) => setText(event.target.value)}
              className="min-h-16"
            />
          )}
        </Field>
        <Button type="submit" busy={steer.isPending} disabled={text.trim() === ''}>
          <Send aria-hidden className="size-4" />
          Send
        </Button>
      </form>
    </div>
  );
}
