'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { levelsIn } from './levels-in.ts';

/** At which percentages of any budget people are told. */
export function Levels({ org, warnAt, mayChange }: { org: string; warnAt: number[]; mayChange: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [text, setText] = useState<string | null>(null);
  const save = useMutation(
    trpc.budgets.setLevels.mutationOptions({
      onSuccess: async () => {
        setText(null);
        await queryClient.invalidateQueries();
      },
    }),
  );
  const now = warnAt.join(', ');
  if (!mayChange) {
    return (
      <p className="text-sm text-ink-2">
        {now === '' ? 'People are told of no budget.' : `People are told at ${now} % of any budget.`}
      </p>
    );
  }
  const levels = levelsIn(text ?? now);
  const typed = levels.every(Number.isFinite) ? save.error && errorText(save.error) : 'Type numbers only: 50, 80, 100.';
  return (
    <form
      className="flex max-w-md flex-wrap items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (levels.every(Number.isFinite)) save.mutate({ org, levels });
      }}
    >
      <div className="min-w-40 flex-1">
        <Field label="Warn at per cent" hint="Of any budget; empty: never." error={typed}>
          {(wiring) => (
            <Input
              {...wiring}
              inputMode="numeric"
              value={text ?? now}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      </div>
      <Button type="submit" className="mt-6" busy={save.isPending}>
        Save the levels
      </Button>
    </form>
  );
}
