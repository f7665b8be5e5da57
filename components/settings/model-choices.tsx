'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ModelRef } from '../../server/domain/models/model-settings.ts';
import type { ModelsView } from '../../server/domain/views/model-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/input.tsx';

type Use = { use: 'default' | 'fallback' | 'role'; role?: string };
type Props = {
  org: string;
  view: ModelsView;
  mayChange: boolean;
  of: Use;
  label: string;
  none: string;
  chosen: ModelRef | null;
  hint?: ReactNode;
};

const valueOf = (ref: ModelRef | null) => (ref ? JSON.stringify([ref.connectionId, ref.model]) : '');

function refOf(value: string): ModelRef | null {
  if (value === '') return null;
  const [connectionId = '', model = ''] = JSON.parse(value) as string[];
  return { connectionId, model };
}

/** One use and its model; choosing saves at once. */
function Choice({ org, view, mayChange, of, label, none, chosen, hint }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const choose = useMutation(
    trpc.settings.chooseModel.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  );
  const nameOf = (connectionId: string) => view.connections.find(({ id }) => id === connectionId)?.name ?? 'Anthropic';
  const known = view.options.some((option) => valueOf(option) === valueOf(chosen));
  return (
    <Field label={label} hint={hint} error={choose.error && errorText(choose.error)}>
      {(wiring) => (
        <Select
          {...wiring}
          className="sm:max-w-96"
          disabled={!mayChange || choose.isPending}
          value={valueOf(chosen)}
          onChange={(event) => choose.mutate({ org, ...of, ref: refOf(event.target.value) })}
        >
          <option value="">{none}</option>
          {chosen && !known && <option value={valueOf(chosen)}>{chosen.model} (gone)</option>}
          {view.options.map((option) => (
            <option key={valueOf(option)} value={valueOf(option)}>
              {option.name} · {nameOf(option.connectionId)}
              {option.prices === null && ' · no price yet'}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** Which model answers: for every role, for one role, and when the first does not. */
export function ModelChoices(part: { org: string; view: ModelsView; mayChange: boolean }) {
  const { view } = part;
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <Choice
        {...part}
        of={{ use: 'default' }}
        label="Default model"
        none="Claude, by the role’s tier"
        chosen={view.default}
        hint="Runs that begin from now on are answered by it."
      />
      <Choice
        {...part}
        of={{ use: 'fallback' }}
        label="Fallback model"
        none="None: wait until the model answers again"
        chosen={view.fallback}
        hint="Takes a run over for good after three calls in a row found its model overloaded or silent."
      />
      {view.roles.map((role) => (
        <Choice
          key={role.name}
          {...part}
          of={{ use: 'role', role: role.name }}
          label={`Model of ${role.title}`}
          none="The default"
          chosen={role.chosen}
          hint={role.why ?? (role.model === null ? 'The scripted model answers now.' : `${role.model} answers now.`)}
        />
      ))}
    </div>
  );
}
