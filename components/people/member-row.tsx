'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { OrgRole } from '../../server/domain/authz/scopes.ts';
import type { MemberView, PeopleView } from '../../server/domain/views/people-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Select } from '../ui/input.tsx';
import { Ago } from '../ui/time.tsx';
import { RemoveMember } from './remove-member.tsx';
import { TransferOrg } from './transfer-org.tsx';

type Props = { org: string; member: MemberView; people: PeopleView };

/** One member: the role, which those who may give it can change, and the way out. */
export function MemberRow({ org, member, people }: Props) {
  const { gives, owners } = people;
  const lastOwner = member.role === 'owner' && owners === 1;
  const mayChange = gives.includes(member.role) && !lastOwner;
  const owner = gives.includes('owner');
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-medium foreign">
          {member.email}
          {member.isYou && <span className="text-sm font-normal text-ink-3"> (you)</span>}
        </p>
        <p className="text-sm text-ink-3">
          since <Ago at={member.since} />
          {lastOwner && '; the last owner cannot leave'}
        </p>
      </div>
      {mayChange ? <RoleChoice org={org} member={member} gives={gives} /> : <span className="w-36">{member.role}</span>}
      <div className="flex w-44 justify-end gap-1">
        {owner && !member.isYou && member.role !== 'owner' && <TransferOrg org={org} member={member} />}
        {!lastOwner && (mayChange || member.isYou) && <RemoveMember org={org} member={member} />}
      </div>
    </li>
  );
}

function RoleChoice({ org, member, gives }: { org: string; member: MemberView; gives: readonly OrgRole[] }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const change = useMutation(
    trpc.people.changeRole.mutationOptions({ onSettled: () => queryClient.invalidateQueries() }),
  );
  return (
    <div className="w-36">
      <Select
        aria-label={`Role of ${member.email}`}
        aria-describedby={change.error ? `${member.id}-error` : undefined}
        value={change.isPending ? change.variables.role : member.role}
        disabled={change.isPending}
        onChange={(event) => change.mutate({ org, memberId: member.id, role: event.target.value as OrgRole })}
      >
        {gives.map((role) => (
          <option key={role}>{role}</option>
        ))}
      </Select>
      {change.error && (
        <p id={`${member.id}-error`} role="alert" className="text-sm text-bad">
          {errorText(change.error)}
        </p>
      )}
    </div>
  );
}
