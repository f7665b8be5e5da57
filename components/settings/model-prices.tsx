'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ModelOptionView, ModelsView } from '../../server/domain/views/model-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { money, short } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { EditModel } from './model-edit.tsx';

type Part = { org: string; view: ModelsView; mayChange: boolean };

function priceWords({ prices, own }: ModelOptionView): string {
  if (prices === null) return 'No price is known: it cannot be chosen before you set one.';
  if (Object.values(prices).every((micros) => micros === 0)) return 'Costs nothing, as this org has declared.';
  const { input, output, cacheRead } = prices;
  const source = own ? 'set by this org' : 'list price';
  return `${money(input)} in, ${money(output)} out, ${money(cacheRead)} from the cache, per million tokens (${source})`;
}

function Row({ org, view, option, mayChange }: Part & { option: ModelOptionView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const remove = useMutation(
    trpc.settings.removeModel.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  );
  const { connectionId, model, name, own } = option;
  const where = view.connections.find(({ id }) => id === connectionId)?.name ?? 'Anthropic';
  return (
    <li className="flex flex-col gap-1.5 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <p className="font-medium foreign">
            {name} <span className="font-normal text-ink-3">· {where}</span>
          </p>
          <p className="text-sm text-ink-2">
            {short(option.contextTokens)} tokens of context, {option.images ? 'sees images' : 'no images'}
          </p>
          <p className="text-sm text-ink-3 figures">{priceWords(option)}</p>
        </div>
        {mayChange && (
          <Button look="quiet" aria-label={`Set the price of ${name}`} onClick={() => setOpen(true)}>
            Set
          </Button>
        )}
        {mayChange && own && (
          <Button
            look="quiet"
            busy={remove.isPending}
            aria-label={`Take back what was set for ${name}`}
            onClick={() => remove.mutate({ org, connectionId, model })}
          >
            Take back
          </Button>
        )}
      </div>
      {remove.error && <Notice look="bad">{errorText(remove.error)}</Notice>}
      <EditModel org={org} view={view} option={option} open={open} onOpenChange={setOpen} />
    </li>
  );
}

/** Every model that can be chosen with its size and price, and the way to add one. */
export function ModelPrices({ org, view, mayChange }: Part) {
  const [adding, setAdding] = useState(false);
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <details open={view.options.some(({ prices, own }) => prices === null || own)}>
        <summary className="cursor-pointer font-medium">Sizes and prices</summary>
        <ul className="flex flex-col divide-y divide-line">
          {view.options.map((option) => (
            <Row
              key={`${option.connectionId} ${option.model}`}
              org={org}
              view={view}
              option={option}
              mayChange={mayChange}
            />
          ))}
        </ul>
      </details>
      {mayChange && view.connections.length > 0 && (
        <Button className="self-start" onClick={() => setAdding(true)}>
          <Plus aria-hidden className="size-4" />
          Add a model
        </Button>
      )}
      <EditModel org={org} view={view} option={null} open={adding} onOpenChange={setAdding} />
    </div>
  );
}
