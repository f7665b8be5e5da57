'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProposalView } from '../../server/domain/views/proposal-views.ts';
import { LineChanges } from '../policy/line-changes.tsx';
import { PutBeforeOthers } from '../policy/put-before-others.tsx';
import { RuleChanges } from '../policy/rule-changes.tsx';
import { TryDraft } from '../policy/try-draft.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { Ago } from '../ui/time.tsx';
import { Words } from '../ui/words.tsx';

type Props = {
  org: string;
  proposal: ProposalView;
  mayDecide: boolean;
  isApproved: boolean;
  orgVersion: number;
};

function Unreadable({ proposal: { problems, path, text } }: Pick<Props, 'proposal'>) {
  return (
    <>
      <Notice look="bad" title={`${path} cannot be taken as it is`}>
        <ul>
          {problems.map(({ line, column, message }, at) => (
            <li key={at}>
              Line {line}, column {column}: <Words text={message} />
            </li>
          ))}
        </ul>
      </Notice>
      {text !== '' && <Code text={text} label={`${path} as it is`} lines={20} />}
    </>
  );
}

function Change({ org, proposal: { change, vain, path, repoId } }: Pick<Props, 'org' | 'proposal'>) {
  if (change === null) return null;
  return (
    <>
      {vain.map(({ message, whole }) => (
        <Notice key={message} look={whole ? 'bad' : 'warn'}>
          <Words text={message} />
        </Notice>
      ))}
      <RuleChanges stricter={change.stricter} looser={change.looser} able={change.able} />
      <LineChanges before={change.before} after={change.after} label={`What ${path} would change`} />
      {change.triable && <TryDraft org={org} yaml={change.after} repoId={repoId} />}
    </>
  );
}

function Decide({ org, proposal, isApproved, orgVersion }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  // Also where it is refused because something else came into force: what it would change is then shown anew.
  const onSettled = () => queryClient.invalidateQueries();
  const accept = useMutation(trpc.proposals.accept.mutationOptions({ onSettled }));
  const dismiss = useMutation(trpc.proposals.dismiss.mutationOptions({ onSettled }));
  const { id: proposalId, digest, path, basedOn, hash, vain } = proposal;
  const cannot = vain.some(({ whole }) => whole);
  const error = accept.error ?? dismiss.error;
  return (
    <form
      aria-label={`Decide on ${path}`}
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        dismiss.mutate({ org, proposalId, digest, reason });
      }}
    >
      {basedOn !== null && hash !== null && !cannot && (
        <Button
          look="primary"
          busy={accept.isPending}
          onClick={() => accept.mutate({ org, proposalId, digest, basedOn, orgVersion, hash })}
        >
          {isApproved ? 'Put it before others' : 'Accept'}
        </Button>
      )}
      <Field
        label="Why it is left aside"
        className="min-w-40 flex-1"
        error={error && <span className="whitespace-pre-line">{errorText(error)}</span>}
      >
        {(wiring) => (
          <Input {...wiring} maxLength={300} value={reason} onChange={({ target }) => setReason(target.value)} />
        )}
      </Field>
      <Button type="submit" busy={dismiss.isPending} disabled={reason.trim() === ''}>
        Dismiss
      </Button>
      <PutBeforeOthers org={org} saved={accept.data} />
    </form>
  );
}

function Decided({
  org,
  proposal: { status, approvalId, reason, decidedBy, decidedAt },
}: Pick<Props, 'org' | 'proposal'>) {
  const words = status === 'dismissed' ? 'Dismissed' : approvalId ? 'Put before others' : 'Accepted';
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
      <span className="foreign">
        {words} by {decidedBy ?? 'somebody'}
        {decidedAt && (
          <>
            , <Ago at={decidedAt} />
          </>
        )}
        {reason !== '' && <>: “{reason}”</>}. It is proposed anew when the file says something else.
      </span>
      {approvalId && <ButtonLink href={`/${org}/approvals/${approvalId}`}>Look at the approval</ButtonLink>}
    </p>
  );
}

/** What one file proposes, what it would change, and two ways to go on. */
export function Proposal(props: Props) {
  const { org, proposal, mayDecide } = props;
  const { path, repo, commit, change, status, createdAt } = proposal;
  const open = status === 'open';
  return (
    <li className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-4">
      <p className="min-w-0 foreign">
        <b className="font-mono font-medium">{path}</b>{' '}
        <span className="text-ink-2">
          of {repo}
          {change && (
            <>
              {' '}
              proposes {change.able.length > 0 ? 'a new role,' : 'another version of'} <Words text={change.name} />
            </>
          )}
        </span>{' '}
        <span className="text-sm text-ink-3">
          seen at <span className="font-mono">{commit.slice(0, 12)}</span>, <Ago at={createdAt} />
        </span>
      </p>
      {open && change === null && <Unreadable proposal={proposal} />}
      {open && <Change org={org} proposal={proposal} />}
      {open ? mayDecide && <Decide {...props} /> : <Decided {...{ org, proposal }} />}
    </li>
  );
}
