'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { BudgetRowView, BudgetsView } from '../../server/domain/views/budget-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/input.tsx';

type Props = { org: string; row: BudgetRowView; teams: BudgetsView['teams'] };

/** Puts a repo or an agent into a team, whose budget its runs then count in too. */
export function AssignTeam({ org, row, teams }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [teamId, setTeamId] = useState(row.teamId ?? '');
  const save = useMutation(
    trpc.budgets.assignTeam.mutationOptions({
      onSuccess: async () => {
        setOpen(false);
        await queryClient.invalidateQueries();
      },
    }),
  );
  const dimension = row.dimension === 'agent' ? 'agent' : 'repo';
  return (
    <>
      <Button look="quiet" aria-label={`Choose the team of ${row.name}`} onClick={() => setOpen(true)}>
        Team
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Team of ${row.name}`}
        description="From their next call on, its runs count in the team’s budget too. What was used before stays where it is."
      >
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate({ org, dimension, subject: row.subject, teamId: teamId === '' ? null : teamId });
          }}
        >
          <Field label="Team" error={save.error && errorText(save.error)}>
            {(wiring) => (
              <Select {...wiring} value={teamId} onChange={(event) => setTeamId(event.target.value)}>
                <option value="">No team</option>
                {teams.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <DialogEnd>
            <Button type="submit" look="primary" busy={save.isPending}>
              Save the team
            </Button>
          </DialogEnd>
        </form>
      </Dialog>
    </>
  );
}
