'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { WebhookView } from '../../server/domain/views/webhook-views.ts';
import { ConfirmButton } from '../trpc/confirm-button.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { EditWebhook } from './edit-webhook.tsx';
import { secretWords } from './secret-words.ts';

type Props = { org: string; webhook: WebhookView };

function useChanges() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const done = { onSuccess: () => queries.invalidateQueries({ queryKey: trpc.webhooks.pathKey() }) };
  return {
    test: useMutation(trpc.webhooks.test.mutationOptions(done)),
    enable: useMutation(trpc.webhooks.enable.mutationOptions(done)),
    remove: useMutation(trpc.webhooks.remove.mutationOptions(done)),
    changeSecret: useMutation(trpc.webhooks.changeSecret.mutationOptions(done)),
  };
}

/** What an admin can do with a webhook. */
export function WebhookActions({ org, webhook }: Props) {
  const { test, enable } = useChanges();
  const [editing, setEditing] = useState(false);
  const { id: webhookId, url, disabledAt } = webhook;
  const isOn = disabledAt === null;
  const error = test.error ?? enable.error;
  return (
    <div className="flex flex-wrap gap-2">
      {isOn && (
        <Button
          aria-label={`Send a test to ${url}`}
          busy={test.isPending}
          onClick={() => test.mutate({ org, webhookId })}
        >
          Send a test
        </Button>
      )}
      <Button aria-label={`Change ${url}`} onClick={() => setEditing(true)}>
        Change
      </Button>
      <Button
        aria-label={`Turn ${isOn ? 'off' : 'on'} ${url}`}
        busy={enable.isPending}
        onClick={() => enable.mutate({ org, webhookId, enabled: !isOn })}
      >
        Turn {isOn ? 'off' : 'on'}
      </Button>
      <NewSecret org={org} webhook={webhook} />
      <Remove org={org} webhook={webhook} />
      {error && (
        <p role="alert" className="w-full text-sm text-bad">
          {errorText(error)}
        </p>
      )}
      {editing && <EditWebhook org={org} webhook={webhook} onClose={() => setEditing(false)} />}
    </div>
  );
}

function NewSecret({ org, webhook: { id: webhookId, url } }: Props) {
  const { changeSecret } = useChanges();
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <ConfirmButton
        look="plain"
        label={`New secret for ${url}`}
        title="Make a new secret?"
        description="Messages are signed with both for a day. After that the one before is good for nothing."
        action="Make a new secret"
        run={async () => setSecret((await changeSecret.mutateAsync({ org, webhookId })).secret)}
      >
        New secret
      </ConfirmButton>
      {secret !== null && (
        <Dialog open onOpenChange={() => setSecret(null)} title="The new secret of this webhook">
          <ShownOnce value={secret} label="The secret" what="secret" words={secretWords} />
        </Dialog>
      )}
    </>
  );
}

function Remove({ org, webhook: { id: webhookId, url } }: Props) {
  const { remove } = useChanges();
  return (
    <ConfirmButton
      look="danger"
      label={`Remove ${url}`}
      title="Remove this webhook?"
      description="Nothing more is sent to it, and what waits for it is forgotten. The log keeps all of it."
      leave="Keep it"
      action="Remove the webhook"
      run={() => remove.mutateAsync({ org, webhookId })}
    >
      Remove
    </ConfirmButton>
  );
}
