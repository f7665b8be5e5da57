'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { McpTransport } from '../../server/domain/mcp/mcp-server.ts';
import type { McpServerView } from '../../server/domain/views/tool-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select, TextArea } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';

type Of<K> = Extract<McpTransport, { kind: K }>;

function Command({ transport }: { transport: Of<'stdio'> | null }) {
  return (
    <Field
      label="Command"
      hint="Run in /work of the sandbox, with its variables and its network. Secrets are there as placeholders; type none here."
    >
      {(wiring) => (
        <TextArea
          {...wiring}
          name="command"
          required
          maxLength={4_000}
          spellCheck={false}
          className="min-h-16! font-mono"
          placeholder="exec node tools/mcp-server.mjs"
          defaultValue={transport?.command}
        />
      )}
    </Field>
  );
}

function Address({ org, transport }: { org: string; transport: Of<'http'> | null }) {
  const trpc = useTRPC();
  const all = useQuery(trpc.secrets.list.queryOptions({ org })).data ?? [];
  const secrets = all.filter(({ inRuns }) => inRuns);
  return (
    <>
      <Field label="Address" hint="It is open to these tools alone, and not to the commands in the sandbox.">
        {(wiring) => (
          <Input
            {...wiring}
            name="url"
            type="url"
            required
            mono
            maxLength={500}
            autoComplete="off"
            placeholder="https://tracker.example.com/mcp"
            defaultValue={transport?.url}
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-1 text-sm">
        <legend className="mb-1 font-medium">Secrets</legend>
        {secrets.length === 0 && (
          <p className="text-ink-3">None is saved for runs. Where it wants a token, add one under Settings, Secrets.</p>
        )}
        {secrets.map(({ name, places }) => (
          <label key={name} className="flex min-h-7 items-start gap-2 pointer-coarse:min-h-11">
            <input
              type="checkbox"
              name="secrets"
              value={name}
              className="mt-1"
              defaultChecked={transport?.secrets.includes(name)}
            />
            <span className="min-w-0 foreign">
              <span className="font-mono">{name}</span> <span className="text-ink-3">for {places.join(', ')}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}

function transportIn(form: FormData): McpTransport {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  if (form.get('kind') === 'stdio') return { kind: 'stdio', command: text('command') };
  return { kind: 'http', url: text('url'), secrets: form.getAll('secrets').map(String) };
}

type Props = { org: string; server: McpServerView | null; onClose: () => void };

/** Where it runs, and what has to be known for that. */
function Place({ org, transport }: { org: string; transport: McpTransport | null }) {
  const [kind, setKind] = useState<McpTransport['kind']>(transport?.kind ?? 'stdio');
  return (
    <>
      <Field label="Where it runs">
        {(wiring) => (
          <Select
            {...wiring}
            name="kind"
            value={kind}
            onChange={(event) => setKind(event.target.value as McpTransport['kind'])}
          >
            <option value="stdio">A command in the sandbox of each run</option>
            <option value="http">An address, reached through the proxy of each run</option>
          </Select>
        )}
      </Field>
      {kind === 'stdio' ? (
        <Command transport={transport?.kind === 'stdio' ? transport : null} />
      ) : (
        <Address org={org} transport={transport?.kind === 'http' ? transport : null} />
      )}
    </>
  );
}

const adding = {
  title: 'Add an MCP server',
  description: 'Nothing of it can be called until it was tried, its tools were allowed, and a role names it.',
  button: 'Add the server',
};
const changing = ({ name }: McpServerView) => ({
  title: `Change ${name}`,
  description: 'Elsewhere it is another server: its tools are allowed again only once you have looked at them.',
  button: 'Change the server',
});

/** Adds an MCP server, or says anew where one is; then what was allowed of it is looked at again. */
export function EditServer({ org, server, onClose }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const words = server === null ? adding : changing(server);
  const save = useMutation(
    trpc.tools.saveServer.mutationOptions({
      onSuccess: async () => {
        onClose();
        await queryClient.invalidateQueries();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = server?.name ?? String(form.get('name') ?? '');
    save.mutate({ org, serverId: server?.id ?? null, name, transport: transportIn(form) });
  };
  return (
    <Dialog open onOpenChange={onClose} title={words.title} description={words.description}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {server === null && (
          <Field label="Name" hint="Part of the names of its tools. It cannot be changed later.">
            {(wiring) => (
              <Input {...wiring} name="name" required mono maxLength={24} autoComplete="off" placeholder="tracker" />
            )}
          </Field>
        )}
        <Place org={org} transport={server?.transport ?? null} />
        {save.error && <Notice look="bad">{errorText(save.error)}</Notice>}
        <DialogEnd>
          <Button type="submit" look="primary" busy={save.isPending}>
            {words.button}
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
