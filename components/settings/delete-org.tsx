'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dayOf } from '../../server/domain/orgs/org-deletion.ts';
import type { OrgDeletionView, OrgView } from '../../server/domain/views/views.ts';
import { ExportLog } from '../audit/export-log.tsx';
import { signOut } from '../frame/sign-out.ts';
import { ConfirmButton } from '../trpc/confirm-button.tsx';
import { useTRPC } from '../trpc/context.ts';
import { appCode, errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** The end of an org: what goes, what to take along, and the way back while there is one. For its owners. */
export function DeleteOrg({ org: { slug, name, deletion } }: { org: OrgView }) {
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-[76ch] text-ink-2">
        Its runs are stopped at once and nothing new starts. After the grace all of it goes for good: tasks, changes,
        secrets, budgets and the audit log. Until then any owner can undo it. Repositories on their remotes are left as
        they are.
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="text-ink-2">Take the audit log along:</span>
        <ExportLog org={slug} filter="" />
      </div>
      {deletion === null ? <Ask org={slug} name={name} /> : <Undo org={slug} deletion={deletion} />}
    </div>
  );
}

function Ask({ org, name }: { org: string; name: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="danger" className="self-start" onClick={() => setOpen(true)}>
        Delete this org
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Delete ${name}?`}
        description="Every member sees when it goes and who asked for it. Its owners get a mail."
      >
        <AskForm org={org} name={name} done={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function AskForm({ org, name, done }: { org: string; name: string; done: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState('');
  const request = useMutation(
    trpc.orgs.requestDeletion.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries();
        done();
      },
    }),
  );
  const stale = appCode(request.error) === 'sign_in_again';
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        request.mutate({ org, name: typed });
      }}
    >
      <Field label={`Type ${name} to go on`} error={request.error && errorText(request.error)}>
        {(wiring) => (
          <Input
            {...wiring}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <DialogEnd leave="Keep the org">
        {stale ? (
          <Button onClick={() => void signOut(`/${org}/settings/danger`)}>Sign in again</Button>
        ) : (
          <Button type="submit" look="danger" busy={request.isPending} disabled={typed.trim() !== name}>
            Delete the org
          </Button>
        )}
      </DialogEnd>
    </form>
  );
}

function Undo({ org, deletion: { dueAt, held } }: { org: string; deletion: OrgDeletionView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const undo = useMutation(
    trpc.orgs.undoDeletion.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  );
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p className="text-ink-2">
        It goes on {dayOf(new Date(dueAt))}
        {held && ', and not before the legal hold on it is lifted under Retention'}.
      </p>
      <ConfirmButton
        look="plain"
        title="Keep this org?"
        description="It stays as it is. Runs that were stopped stay stopped; start them again from their tasks."
        leave="Not now"
        action="Keep the org"
        run={() => undo.mutateAsync({ org })}
      >
        Undo the deletion
      </ConfirmButton>
    </div>
  );
}
