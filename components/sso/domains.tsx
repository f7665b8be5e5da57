'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { joinRoles, type JoinRole } from '../../server/domain/sso/sso-rules.ts';
import type { DomainView } from '../../server/domain/views/sso-views.ts';
import { AddByName } from '../trpc/add-by-name.tsx';
import { ConfirmButton } from '../trpc/confirm-button.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Copyable } from '../ui/copy.tsx';
import { Select } from '../ui/input.tsx';
import { Fact, Facts } from '../ui/section.tsx';

/** The mail domains of an org: proven or not, and whether people with an address of one join by themselves. */
export function Domains({ org, domains }: { org: string; domains: DomainView[] }) {
  const trpc = useTRPC();
  const changed = useChanged();
  const add = useMutation(trpc.sso.addDomain.mutationOptions({ onSuccess: changed }));
  return (
    <>
      {domains.length === 0 && <p className="text-ink-2">No domain has been added yet.</p>}
      <ul aria-label="Domains" className="flex flex-col divide-y divide-line empty:hidden">
        {domains.map((domain) => (
          <Domain key={domain.id} org={org} domain={domain} />
        ))}
      </ul>
      <AddByName
        label="New domain"
        hint="What stands behind the @ in your addresses."
        action="Add the domain"
        maxLength={253}
        add={(name) => add.mutateAsync({ org, domain: name })}
      />
    </>
  );
}

function useChanged() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: trpc.sso.pathKey() });
}

type Of = { org: string; domain: DomainView };

function Domain({ org, domain }: Of) {
  const trpc = useTRPC();
  const remove = useMutation(trpc.sso.removeDomain.mutationOptions({ onSuccess: useChanged() }));
  const { id: domainId, domain: name, proven, lost } = domain;
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p>
          <b className="font-medium">{name}</b>{' '}
          <span className={`text-sm ${lost ? 'text-bad' : proven ? 'text-good' : 'text-ink-3'}`}>
            {lost ? 'its record is gone: nobody new comes in by it' : proven ? 'proven' : 'not proven yet'}
          </span>
        </p>
        <ConfirmButton
          label={`Remove ${name}`}
          title={`Remove ${name}?`}
          description="Nobody joins or signs in by it any more, and another org may prove it. Members stay members."
          leave="Keep it"
          action="Remove the domain"
          run={() => remove.mutateAsync({ org, domainId })}
        >
          Remove
        </ConfirmButton>
      </div>
      {proven && <JoinChoice org={org} domain={domain} />}
      {(!proven || lost) && <Proof org={org} domain={domain} />}
    </li>
  );
}

function Proof({ org, domain: { id: domainId, domain, recordName, recordText } }: Of) {
  const trpc = useTRPC();
  const prove = useMutation(trpc.sso.proveDomain.mutationOptions({ onSuccess: useChanged() }));
  return (
    <>
      <p className="text-sm text-ink-2">Add this TXT record to the DNS of the domain, then look for it here.</p>
      <Facts>
        <Fact name="Name">
          <Copyable value={recordName} shown={recordName} what="the record’s name" />
        </Fact>
        <Fact name="Text">
          <Copyable value={recordText} shown={recordText} what="the record’s text" />
        </Fact>
      </Facts>
      {prove.error && (
        <p role="alert" className="text-sm text-bad">
          {errorText(prove.error)}
        </p>
      )}
      <Button
        className="self-start"
        aria-label={`Look for the record of ${domain}`}
        busy={prove.isPending}
        onClick={() => prove.mutate({ org, domainId })}
      >
        Look for the record
      </Button>
    </>
  );
}

function JoinChoice({ org, domain: { id: domainId, domain, joinAs } }: Of) {
  const trpc = useTRPC();
  const set = useMutation(trpc.sso.setJoin.mutationOptions({ onSettled: useChanged() }));
  const shown = set.isPending ? set.variables.joinAs : joinAs;
  const choose = (value: string) => set.mutate({ org, domainId, joinAs: value === '' ? null : (value as JoinRole) });
  return (
    <label className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
      Who signs in with an address of it
      <Select
        className="max-w-56"
        aria-label={`What people of ${domain} become`}
        value={shown ?? ''}
        disabled={set.isPending}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">needs an invitation</option>
        {joinRoles.map((role) => (
          <option key={role} value={role}>
            becomes {role}
          </option>
        ))}
      </Select>
      {set.error && (
        <span role="alert" className="text-bad">
          {errorText(set.error)}
        </span>
      )}
    </label>
  );
}
