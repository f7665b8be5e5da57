'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { SecretView } from '../../server/domain/views/secret-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { Ago } from '../ui/time.tsx';
import { EditSecret } from './secret-edit.tsx';

type Part = { org: string; mayChange: boolean };

function usedIn({ inSetUp, inRuns, repoName }: SecretView): string {
  const where = inSetUp && inRuns ? 'Set-ups and runs' : inSetUp ? 'Set-ups' : 'Runs';
  return `${where} ${repoName === null ? 'of every repo' : `of ${repoName}`}`;
}

type Asking = { org: string; secret: SecretView; open: boolean; onOpenChange: (open: boolean) => void };

function RemoveSecret({ org, secret, open, onOpenChange }: Asking) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.secrets.remove.mutationOptions({
      onSuccess: async () => {
        onOpenChange(false);
        await queryClient.invalidateQueries();
      },
    }),
  );
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Remove ${secret.name}?`}
      description="Sandboxes that begin from now on do not have it. What needs it is refused by its host."
    >
      {remove.error && <Notice look="bad">{errorText(remove.error)}</Notice>}
      <DialogEnd leave="Keep it">
        <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate({ org, secretId: secret.id })}>
          Remove the secret
        </Button>
      </DialogEnd>
    </Dialog>
  );
}

function SecretRow({ org, secret, mayChange }: Part & { secret: SecretView }) {
  const [asked, setAsked] = useState<'replace' | 'remove' | null>(null);
  const { name, places, header, updatedAt } = secret;
  const close = () => setAsked(null);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5 first:pt-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-mono font-medium foreign">{name}</p>
        <p className="text-sm text-ink-2 foreign">
          To <span className="font-mono">{places.join(', ')}</span> in <span className="font-mono">{header}</span>
        </p>
        <p className="text-sm text-ink-3 foreign">
          {usedIn(secret)}; saved <Ago at={updatedAt} />
        </p>
      </div>
      {mayChange && (
        <div className="flex gap-2">
          <Button aria-label={`Replace ${name}`} onClick={() => setAsked('replace')}>
            Replace
          </Button>
          <Button look="danger" aria-label={`Remove ${name}`} onClick={() => setAsked('remove')}>
            Remove
          </Button>
        </div>
      )}
      <EditSecret org={org} secret={secret} open={asked === 'replace'} onOpenChange={close} />
      <RemoveSecret org={org} secret={secret} open={asked === 'remove'} onOpenChange={close} />
    </li>
  );
}

/** Secrets that the proxies of sandboxes put into requests: names and hosts are shown, the secrets never. */
export function Secrets({ org, mayChange }: Part) {
  const trpc = useTRPC();
  const [adding, setAdding] = useState(false);
  const { data: secrets, error } = useQuery(trpc.secrets.list.queryOptions({ org }));
  if (error) return <Notice look="bad">The secrets cannot be shown now: {errorText(error)}</Notice>;
  if (!secrets) return <Bone className="h-20" />;
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      {secrets.length === 0 && (
        <p className="text-ink-2">
          There is none. A token for a private package registry, or the key of an API that agents need, is used without
          ever being in a sandbox: commands send a placeholder, and Fleet’s proxy puts the secret in its place.
        </p>
      )}
      {secrets.length > 0 && (
        <ul className="flex flex-col divide-y divide-line">
          {secrets.map((secret) => (
            <SecretRow key={secret.id} org={org} secret={secret} mayChange={mayChange} />
          ))}
        </ul>
      )}
      {mayChange ? (
        <Button className="self-start" onClick={() => setAdding(true)}>
          <Plus aria-hidden className="size-4" />
          Add a secret
        </Button>
      ) : (
        <Notice>Owners and admins can add and change secrets.</Notice>
      )}
      <EditSecret org={org} secret={null} open={adding} onOpenChange={setAdding} />
    </div>
  );
}
