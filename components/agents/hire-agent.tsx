'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { AgentView } from '../../server/domain/views/agent-view.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { useRefreshOrg } from '../trpc/use-org-changes.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select } from '../ui/input.tsx';
import { RepoChoice } from './repo-choice.tsx';

type Props = { org: string; agents: readonly AgentView[] };

function Hiring({ org, agents, onClose }: Props & { onClose: () => void }) {
  const trpc = useTRPC();
  const refresh = useRefreshOrg();
  const roles = [...new Map(agents.map(({ role, title }) => [role, title]))];
  const [role, setRole] = useState(roles[0]?.[0] ?? '');
  const [name, setName] = useState('');
  const [repoId, setRepoId] = useState<string | null>(null);
  const hire = useMutation(
    trpc.agents.hire.mutationOptions({
      onSuccess: () => {
        onClose();
        refresh();
      },
    }),
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Hire an agent"
      description="It begins as the first agent of its role is set. In a repo of its own it does the work there instead of one that works in all."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          hire.mutate({ org, role, name, repoId });
        }}
      >
        <Field label="Role">
          {(wiring) => (
            <Select {...wiring} value={role} onChange={({ target }) => setRole(target.value)}>
              {roles.map(([each, title]) => (
                <option key={each} value={each}>
                  {title} ({each})
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Name" error={hire.error && errorText(hire.error)}>
          {(wiring) => (
            <Input {...wiring} required maxLength={60} value={name} onChange={({ target }) => setName(target.value)} />
          )}
        </Field>
        <RepoChoice org={org} label="Works in" hint="It can be changed later." value={repoId} onChange={setRepoId} />
        <DialogEnd>
          <Button type="submit" look="primary" busy={hire.isPending}>
            Hire the agent
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}

/** Hires another agent into a role that the org has. */
export function HireAgent(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Hire an agent</Button>
      {open && <Hiring {...props} onClose={() => setOpen(false)} />}
    </>
  );
}
