'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { isNoOlderVersion } from '../../server/domain/agents/loosened.ts';
import type { AgentView } from '../../server/domain/views/agent-view.ts';
import { PutBeforeOthers } from '../policy/put-before-others.tsx';
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

/** Another agent would begin as the first of its role is set, at a version that nobody else has approved it for. */
function isStuck(first: AgentView | undefined): boolean {
  if (first?.approval?.waits !== false) return false;
  const { roleVersion: kept } = first.settings;
  return !isNoOlderVersion(kept, { newest: first.newestRoleVersion, kept: null });
}

/** What hiring another agent of a role meets: nothing, somebody else's approval, or a refusal. */
function Meets({ first }: { first: AgentView }) {
  const { approval, roleVersion } = first;
  if (approval?.waits) return <p className="text-sm text-needs-ink">It is hired when {approval.by} has approved it.</p>;
  if (approval === null || !isStuck(first)) return null;
  return (
    <p className="text-sm text-needs-ink">
      The first agent of this role is kept at version {roleVersion} of it, and {approval.by} has to approve versions:
      another one can be hired once that one is at the newest.
    </p>
  );
}

function Hiring({ org, agents, onClose }: Props & { onClose: () => void }) {
  const trpc = useTRPC();
  const refresh = useRefreshOrg();
  const roles = [...new Map(agents.map(({ role, title }) => [role, title]))];
  const [role, setRole] = useState(roles[0]?.[0] ?? '');
  const [name, setName] = useState('');
  const [repoId, setRepoId] = useState<string | null>(null);
  const first = agents.find((each) => each.role === role);
  const hire = useMutation(
    trpc.agents.hire.mutationOptions({
      onSuccess: (hired) => {
        // What waits for somebody else stays open, and says where it waits.
        if ('agentId' in hired) onClose();
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
        {first && <Meets first={first} />}
        <PutBeforeOthers org={org} saved={hire.data} />
        <DialogEnd>
          <Button type="submit" look="primary" busy={hire.isPending} disabled={isStuck(first) || hire.isSuccess}>
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
