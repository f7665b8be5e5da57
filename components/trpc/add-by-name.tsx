'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { errorText } from './error.ts';

type Props = {
  label: string;
  action: string;
  hint?: string;
  maxLength?: number;
  add: (name: string) => Promise<unknown>;
};

/** One line to add something that has a name and nothing else yet. */
export function AddByName({ label, action, hint, maxLength = 80, add }: Props) {
  const [name, setName] = useState('');
  const adding = useMutation({ mutationFn: add, onSuccess: () => setName('') });
  return (
    <form
      className="flex max-w-md flex-wrap items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        adding.mutate(name);
      }}
    >
      <Field label={label} hint={hint} className="min-w-40 flex-1" error={adding.error && errorText(adding.error)}>
        {(wiring) => (
          <Input
            {...wiring}
            required
            maxLength={maxLength}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" className="mt-6.5" busy={adding.isPending}>
        {action}
      </Button>
    </form>
  );
}
