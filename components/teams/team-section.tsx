'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { TeamsView, TeamView } from '../../server/domain/views/team-views.ts';
import { ConfirmButton } from '../trpc/confirm-button.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/input.tsx';
import { Fact, Facts, Section } from '../ui/section.tsx';
import { RenameTeam } from './rename-team.tsx';

type Props = { org: string; team: TeamView; members: TeamsView['members']; mayChange: boolean };

/** One team, with what can be done to it by those who may. */
export function TeamSection({ org, team, members, mayChange }: Props) {
  const { id: teamId, name, repos, agents } = team;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(trpc.teams.remove.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }));
  return (
    <Section
      title={<span className="foreign">{name}</span>}
      aside={
        mayChange && (
          <span className="flex gap-1">
            <RenameTeam org={org} team={team} />
            <ConfirmButton
              size="small"
              label={`Remove the team ${name}`}
              title={`Remove the team ${name}?`}
              description="Its repos and agents belong to no team then. What they used stays counted in its budget; people stay members of the org."
              leave="Keep it"
              action="Remove the team"
              run={() => remove.mutateAsync({ org, teamId })}
            >
              Remove
            </ConfirmButton>
          </span>
        )
      }
    >
      <People org={org} team={team} members={members} mayChange={mayChange} />
      <Facts>
        <Fact name="Repos">{repos.join(', ') || 'none'}</Fact>
        <Fact name="Agents">{agents.join(', ') || 'none'}</Fact>
      </Facts>
    </Section>
  );
}

function People({ org, team: { id: teamId, name, memberIds }, members, mayChange }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const set = useMutation(
    trpc.teams.setMember.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.teams.pathKey() }),
    }),
  );
  const inside = members.filter(({ id }) => memberIds.includes(id));
  const outside = members.filter(({ id }) => !memberIds.includes(id));
  return (
    <>
      {inside.length === 0 && <p className="text-sm text-ink-2">Nobody is in it yet.</p>}
      <ul aria-label={`Members of ${name}`} className="flex flex-col divide-y divide-line empty:hidden">
        {inside.map(({ id: memberId, email }) => (
          <li key={memberId} className="flex items-center justify-between gap-3 py-1.5">
            <span className="min-w-0 truncate foreign">{email}</span>
            {mayChange && (
              <Button
                look="quiet"
                size="small"
                aria-label={`Take out ${email} from ${name}`}
                onClick={() => set.mutate({ org, teamId, memberId, isIn: false })}
              >
                Take out
              </Button>
            )}
          </li>
        ))}
      </ul>
      {set.error && (
        <p role="alert" className="text-sm text-bad">
          {errorText(set.error)}
        </p>
      )}
      {mayChange && outside.length > 0 && (
        <Select
          className="max-w-72"
          aria-label={`Put a member into ${name}`}
          value=""
          disabled={set.isPending}
          onChange={(event) => set.mutate({ org, teamId, memberId: event.target.value, isIn: true })}
        >
          <option value="">Put a member into it…</option>
          {outside.map(({ id, email }) => (
            <option key={id} value={id}>
              {email}
            </option>
          ))}
        </Select>
      )}
    </>
  );
}
