'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ModelsView } from '../../server/domain/views/model-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { ConnectProvider } from './model-connect.tsx';

const protocolNames = { anthropic: 'Anthropic protocol', 'chat-completions': 'OpenAI protocol' };

type Row = { org: string; connection: ModelsView['connections'][number]; mayChange: boolean };

function Connection({ org, connection, mayChange }: Row) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.settings.removeModelConnection.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  );
  const { id: connectionId, name, protocol, baseUrl, hint, offers } = connection;
  return (
    <li className="flex flex-col gap-1.5 py-2.5 first:pt-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <p className="font-medium foreign">{name}</p>
          <p className="font-mono text-sm text-ink-2 foreign">{baseUrl}</p>
          <p className="text-sm text-ink-3">
            {protocolNames[protocol]}, {hint === null ? 'no key' : `key ending in ${hint}`},{' '}
            {offers.length === 0 ? 'lists no models' : `lists ${plural(offers.length, 'model')}`}
          </p>
        </div>
        {mayChange && (
          <Button
            look="danger"
            busy={remove.isPending}
            aria-label={`Remove ${name}`}
            onClick={() => remove.mutate({ org, connectionId })}
          >
            Remove
          </Button>
        )}
      </div>
      {remove.error && <Notice look="bad">{errorText(remove.error)}</Notice>}
    </li>
  );
}

/** Providers besides Anthropic itself. */
export function ModelConnections({ org, view, mayChange }: { org: string; view: ModelsView; mayChange: boolean }) {
  const [adding, setAdding] = useState(false);
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      {view.connections.length === 0 && (
        <p className="text-ink-2">
          No other provider is connected. OpenAI, Gemini, Ollama, vLLM and whatever else speaks one of the two protocols
          can answer too.
        </p>
      )}
      {view.connections.length > 0 && (
        <ul className="flex flex-col divide-y divide-line">
          {view.connections.map((connection) => (
            <Connection key={connection.id} org={org} connection={connection} mayChange={mayChange} />
          ))}
        </ul>
      )}
      {mayChange && (
        <Button className="self-start" onClick={() => setAdding(true)}>
          <Plus aria-hidden className="size-4" />
          Connect a provider
        </Button>
      )}
      <ConnectProvider org={org} open={adding} onOpenChange={setAdding} />
    </div>
  );
}
