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
import { plural } from '../ui/format.ts';

type Props = { org: string; agent: AgentView };

/** Takes an agent out of work, after a question that says what becomes of its runs. */
export function RetireAgent({ org, agent: { id: agentId, name, openRuns } }: Props) {
  const trpc = useTRPC();
  const refresh = useRefreshOrg();
  const [open, setOpen] = useState(false);
  const retire = useMutation(
    trpc.agents.retire.mutationOptions({
      onSuccess: () => {
        setOpen(false);
        refresh();
      },
    }),
  );
  const runs =
    openRuns === 0
      ? 'It has no open run.'
      : `Its ${plural(openRuns, 'open run')} will end now, and people decide how ${openRuns === 1 ? 'that task goes' : 'those tasks go'} on.`;
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)} aria-label={`Retire ${name}`}>
        Retire
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Retire ${name}?`}
        description={`It gets no new run. ${runs} What it did stays in the log. It can be let work again, except where the policy wants somebody else to approve what agents may do.`}
      >
        {retire.error && (
          <p role="alert" className="text-sm text-bad">
            {errorText(retire.error)}
          </p>
        )}
        <DialogEnd leave="Keep it">
          <Button look="danger" busy={retire.isPending} onClick={() => retire.mutate({ org, agentId })}>
            Retire the agent
          </Button>
        </DialogEnd>
      </Dialog>
    </>
  );
}

export function ReinstateAgent({ org, agent: { id: agentId, name } }: Props) {
  const trpc = useTRPC();
  const refresh = useRefreshOrg();
  const reinstate = useMutation(trpc.agents.reinstate.mutationOptions({ onSuccess: refresh }));
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Button
        busy={reinstate.isPending}
        onClick={() => reinstate.mutate({ org, agentId })}
        aria-label={`Let ${name} work again`}
      >
        Let it work again
      </Button>
      {reinstate.error && (
        <span role="alert" className="text-sm text-bad">
          {errorText(reinstate.error)}
        </span>
      )}
    </span>
  );
}
