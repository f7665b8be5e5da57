'use client';

import { useState } from 'react';
import type { RoleView } from '../../server/domain/views/role-views.ts';
import { LineChanges } from '../policy/line-changes.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/input.tsx';

type Props = { org: string; role: RoleView; others: readonly RoleView[] };

/** Two roles line by line, each as it is now. */
export function CompareRole({ org, role, others }: Props) {
  const [name, setName] = useState(others[0]?.name ?? '');
  const other = others.find((each) => each.name === name);
  const { text, edit } = role.versions[0]!;
  if (!other) return <p className="text-sm text-ink-2">There is no other role to compare it with.</p>;
  return (
    <div className="flex min-w-0 flex-col gap-3 border-t border-line pt-4">
      <div className="flex flex-wrap items-end gap-3">
        <Field label={`What ${edit.title} has, against`} className="min-w-48">
          {(wiring) => (
            <Select {...wiring} value={name} onChange={({ target }) => setName(target.value)}>
              {others.map((each) => (
                <option key={each.name} value={each.name}>
                  {each.versions[0]!.edit.title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <ButtonLink
          look="quiet"
          href={`/${org}/agents/access?role=${encodeURIComponent(role.name)}&other=${encodeURIComponent(name)}`}
        >
          What each may do
        </ButtonLink>
      </div>
      <LineChanges
        before={other.versions[0]!.text}
        after={text}
        label={`${edit.title} against ${other.versions[0]!.edit.title}`}
      />
    </div>
  );
}
