'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SandboxPlaceView } from '../../server/domain/views/sandbox-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { Ago } from '../ui/time.tsx';
import { ConnectSandboxes } from './sandbox-connect.tsx';

type Part = { org: string; mayChange: boolean };
type Asking = { org: string; open: boolean; onOpenChange: (open: boolean) => void };

function RemoveAccount({ org, open, onOpenChange }: Asking) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.settings.removeSandboxAccount.mutationOptions({
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
      title="Remove the account?"
      description="Its key is forgotten. From the next sandbox on, commands run where the operator of this server says."
    >
      {remove.error && <Notice look="bad">{errorText(remove.error)}</Notice>}
      <DialogEnd leave="Keep it">
        <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate({ org })}>
          Remove the account
        </Button>
      </DialogEnd>
    </Dialog>
  );
}

function Account({ account }: { account: NonNullable<SandboxPlaceView['account']> }) {
  return (
    <div>
      <p className="font-medium foreign">{account.baseUrl}</p>
      <p className="text-sm text-ink-3">
        Template <span className="font-mono foreign">{account.template}</span>, key ending in {account.hint}; saved{' '}
        <Ago at={account.updatedAt} />
      </p>
    </div>
  );
}

function whereWords({ placedByName, account }: SandboxPlaceView): string {
  if (account === null) return 'Commands of this org run where the operator of this server says.';
  if (placedByName) return 'The operator of this server gave this org a place of its own, so this account is not used:';
  return 'Commands of this org run in machines of its own account:';
}

/** Where sandboxes are made. The key of an account can be replaced and removed, never read. */
export function Sandboxes({ org, mayChange }: Part) {
  const trpc = useTRPC();
  const [asked, setAsked] = useState<'connect' | 'remove' | null>(null);
  const { data: view, error } = useQuery(trpc.settings.sandboxes.queryOptions({ org }));
  if (error) return <Notice look="bad">Where sandboxes are made cannot be shown now: {errorText(error)}</Notice>;
  if (!view) return <Bone className="h-20" />;
  const { account } = view;
  const close = () => setAsked(null);
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <p className="max-w-[76ch] text-ink-2">{whereWords(view)}</p>
      {account !== null && <Account account={account} />}
      {mayChange ? (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setAsked('connect')}>
            {account === null ? 'Connect an account of E2B' : 'Replace the account'}
          </Button>
          {account !== null && (
            <Button look="danger" onClick={() => setAsked('remove')}>
              Remove the account
            </Button>
          )}
        </div>
      ) : (
        <Notice>Owners and admins can connect an account.</Notice>
      )}
      <ConnectSandboxes org={org} account={account} open={asked === 'connect'} onOpenChange={close} />
      <RemoveAccount org={org} open={asked === 'remove'} onOpenChange={close} />
    </div>
  );
}
