'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plug } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { placeOf } from '../../server/domain/mcp/mcp-server.ts';
import type { McpServerView } from '../../server/domain/views/tool-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { Ago } from '../ui/time.tsx';
import { AllowTools } from './allow-tools.tsx';
import { EditServer } from './edit-server.tsx';

type Props = { org: string; server: McpServerView; mayChange: boolean; waitsFor: string | null };
type Asking = Pick<Props, 'org' | 'server'> & { onClose: () => void };

function TryServer({ org, server, onClose }: Asking) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const repos = useQuery(trpc.repos.list.queryOptions({ org })).data ?? [];
  const attempt = useMutation(
    trpc.tools.tryServer.mutationOptions({
      onSuccess: async () => {
        onClose();
        await queryClient.invalidateQueries();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const repoId = String(new FormData(event.currentTarget).get('repoId') ?? '');
    attempt.mutate({ org, serverId: server.id, repoId });
  };
  const runs = server.transport.kind === 'stdio';
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Try ${server.name}`}
      description={
        runs
          ? 'Its command is run in a sandbox of its own, on the repo’s default branch and without a network, and asked what it offers.'
          : 'It is asked what it offers, with the secrets of the repo.'
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Repo">
          {(wiring) => (
            <Select {...wiring} key={repos.length} name="repoId" required>
              {repos.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {attempt.error && <Notice look="bad">{errorText(attempt.error)}</Notice>}
        <DialogEnd>
          <Button type="submit" look="primary" busy={attempt.isPending}>
            Try it now
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}

function RemoveServer({ org, server, onClose }: Asking) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.tools.removeServer.mutationOptions({
      onSuccess: async () => {
        onClose();
        await queryClient.invalidateQueries();
      },
    }),
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Remove ${server.name}?`}
      description="Runs that have its tools are told at their next call that it is gone."
    >
      {remove.error && <Notice look="bad">{errorText(remove.error)}</Notice>}
      <DialogEnd leave="Keep it">
        <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate({ org, serverId: server.id })}>
          Remove the server
        </Button>
      </DialogEnd>
    </Dialog>
  );
}

function State({ server: { askedAt, seenAt, problem, roles } }: Pick<Props, 'server'>) {
  const named = roles.length === 0 ? 'No role names it' : `Named by ${roles.join(', ')}`;
  return (
    <p role="status" className="text-sm text-ink-3 foreign">
      {askedAt !== null ? (
        <>
          Being tried since <Ago at={askedAt} />; asked for again by itself after five minutes
        </>
      ) : seenAt === null ? (
        'Not tried yet'
      ) : (
        <>
          {problem === null ? 'Answered' : 'Failed'} <Ago at={seenAt} />
        </>
      )}
      . {named}.
    </p>
  );
}

/** One MCP server: where it is, what it said, and what of it roles may have. */
export function McpServer({ org, server, mayChange, waitsFor }: Props) {
  const [asked, setAsked] = useState<'try' | 'edit' | 'remove' | null>(null);
  const { name, transport, tools, problem, seenAt } = server;
  const dialog = { org, server, onClose: () => setAsked(null) };
  return (
    <article aria-label={name} className="flex flex-col gap-3 border-t border-line pt-4 first-of-type:border-0">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <div className="min-w-0 flex-1 basis-60">
          <h3 className="flex items-center gap-2 font-mono font-medium">
            <Plug aria-hidden className="size-4 shrink-0 text-ink-3" />
            {name}
          </h3>
          <p className="font-mono text-sm break-words text-ink-2 foreign">{placeOf(transport)}</p>
          {transport.kind === 'http' && transport.secrets.length > 0 && (
            <p className="text-sm text-ink-3">with {transport.secrets.join(', ')}</p>
          )}
          <State server={server} />
        </div>
        {mayChange && (
          <div className="flex flex-wrap gap-2">
            <Button aria-label={`Try ${name}`} onClick={() => setAsked('try')}>
              Try
            </Button>
            <Button aria-label={`Change ${name}`} onClick={() => setAsked('edit')}>
              Change
            </Button>
            <Button look="danger" aria-label={`Remove ${name}`} onClick={() => setAsked('remove')}>
              Remove
            </Button>
          </div>
        )}
      </div>
      {problem !== null && <Notice look="bad">{problem}</Notice>}
      {tools.length > 0 && <AllowTools key={seenAt} {...{ org, server, mayChange, waitsFor }} />}
      {asked === 'try' && <TryServer {...dialog} />}
      {asked === 'edit' && <EditServer {...dialog} />}
      {asked === 'remove' && <RemoveServer {...dialog} />}
    </article>
  );
}
