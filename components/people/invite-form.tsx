'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrgRole } from '../../server/domain/authz/scopes.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select } from '../ui/input.tsx';
import { roleWords } from './role-words.ts';

/** Mails an invitation, with a role among those that the viewer may give. */
export function InviteForm({ org, gives }: { org: string; gives: readonly OrgRole[] }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<OrgRole>('member');
  const invite = useMutation(
    trpc.people.invite.mutationOptions({
      onSuccess: async () => {
        setEmail('');
        await queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() });
      },
    }),
  );
  return (
    <form
      className="flex max-w-2xl flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        invite.mutate({ org, email, role });
      }}
    >
      <div className="flex flex-wrap items-start gap-3">
        <Field label="E-mail" className="min-w-52 flex-1" error={invite.error && errorText(invite.error)}>
          {(wiring) => (
            <Input
              {...wiring}
              type="email"
              required
              maxLength={254}
              autoComplete="off"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label="Role" className="w-44" hint={roleWords[role]}>
          {(wiring) => (
            <Select {...wiring} value={role} onChange={(event) => setRole(event.target.value as OrgRole)}>
              {gives.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={invite.isPending}>
          Send the invitation
        </Button>
        <span role="status" className="text-sm text-good">
          {invite.isSuccess && !invite.isPending && `Sent to ${invite.variables.email}.`}
        </span>
      </div>
    </form>
  );
}
