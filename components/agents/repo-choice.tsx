'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../trpc/context.ts';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/input.tsx';

type Props = {
  org: string;
  label: string;
  hint: string;
  value: string | null;
  onChange: (repoId: string | null) => void;
};

/** One repo of the org, or all of them. */
export function RepoChoice({ org, label, hint, value, onChange }: Props) {
  const trpc = useTRPC();
  const repos = useQuery(trpc.repos.list.queryOptions({ org }));
  return (
    <Field label={label} hint={hint}>
      {(wiring) => (
        <Select
          {...wiring}
          value={value ?? ''}
          onChange={({ target }) => onChange(target.value === '' ? null : target.value)}
        >
          <option value="">every repo of the org</option>
          {(repos.data ?? []).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
