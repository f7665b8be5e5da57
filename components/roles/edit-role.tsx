'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { registryNames } from '../../server/domain/network/registries.ts';
import type { RoleView } from '../../server/domain/views/role-views.ts';
import { PutBeforeOthers } from '../policy/put-before-others.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select, TextArea } from '../ui/input.tsx';
import { editOfForm, formOf, unknownRegistry, type RoleForm } from './role-form.ts';

type Text = Exclude<keyof RoleForm, 'tier'>;
type Fields = { form: RoleForm; set: (change: Partial<RoleForm>) => void };

function Lines({
  form,
  set,
  of,
  label,
  hint,
  rows,
}: Fields & { of: Text; label: string; hint?: string; rows: number }) {
  const plain = of === 'purpose' || of === 'rules';
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(wiring) => (
        <TextArea
          {...wiring}
          rows={rows}
          spellCheck={plain}
          {...(plain ? {} : { dir: 'ltr', className: 'font-mono' })}
          value={form[of]}
          onChange={({ target }) => set({ [of]: target.value })}
        />
      )}
    </Field>
  );
}

function Short({ form, set, of, label }: Fields & { of: Text; label: string }) {
  return (
    <Field label={label} className="min-w-32 flex-1">
      {(wiring) => (
        <Input {...wiring} required value={form[of]} onChange={({ target }) => set({ [of]: target.value })} />
      )}
    </Field>
  );
}

function AllFields({ contract, ...fields }: Fields & { contract: RoleView['contract'] }): ReactNode {
  const { form, set } = fields;
  const scope = 'One pattern or class such as @tests a line.';
  return (
    <>
      <Short {...fields} of="title" label="Title" />
      <Lines
        {...fields}
        of="purpose"
        label="Purpose"
        hint="The first thing that an agent of this role is told."
        rows={4}
      />
      <Lines {...fields} of="rules" label="Rules" hint="One a line." rows={5} />
      {contract === 'build' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Lines {...fields} of="include" label="Writes" hint={scope} rows={4} />
          <Lines {...fields} of="exclude" label="But not" hint={scope} rows={4} />
        </div>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Lines {...fields} of="hosts" label="Hosts it reaches" hint="One a line, over TLS at port 443." rows={3} />
        <Lines {...fields} of="registries" label="Registries" hint={`Of ${registryNames.join(', ')}.`} rows={3} />
      </div>
      <div className="flex flex-wrap gap-4">
        <Field label="Model" className="min-w-32 flex-1">
          {(wiring) => (
            <Select
              {...wiring}
              value={form.tier}
              onChange={({ target }) => set({ tier: target.value as RoleForm['tier'] })}
            >
              <option value="strong">strong</option>
              <option value="standard">standard</option>
              <option value="small">small</option>
            </Select>
          )}
        </Field>
        <Short {...fields} of="minutes" label="Minutes for a run" />
        <Short {...fields} of="dollars" label="Dollars for a run" />
      </div>
    </>
  );
}

/** Changes a role by a new version of it, with why. */
export function EditRole({ org, role, onSaved }: { org: string; role: RoleView; onSaved: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { edit: before, version } = role.versions[0]!;
  const [form, setForm] = useState(() => formOf(before));
  const [note, setNote] = useState('');
  const save = useMutation(
    trpc.roles.save.mutationOptions({
      onSuccess: async (saved) => {
        if (!('approvalId' in saved)) onSaved();
        await queryClient.invalidateQueries();
      },
    }),
  );
  const unknown = unknownRegistry(form);
  const problem = unknown === null ? save.error && errorText(save.error) : `Fleet knows no registry ${unknown}.`;
  return (
    <form
      aria-label={`Change ${before.title}`}
      className="flex min-w-0 flex-col gap-4 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (unknown !== null) return;
        save.mutate({ org, role: role.name, basedOn: version, note, edit: editOfForm(form, before) });
      }}
    >
      <AllFields form={form} contract={role.contract} set={(change) => setForm({ ...form, ...change })} />
      <Field label="What changes and why" error={problem && <span className="whitespace-pre-line">{problem}</span>}>
        {(wiring) => (
          <Input {...wiring} required maxLength={300} value={note} onChange={({ target }) => setNote(target.value)} />
        )}
      </Field>
      <PutBeforeOthers org={org} saved={save.data} />
      <div>
        <Button type="submit" look="primary" busy={save.isPending} disabled={note.trim() === ''}>
          Save as version {version + 1}
        </Button>
      </div>
    </form>
  );
}
