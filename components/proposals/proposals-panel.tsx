'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProposalsView } from '../../server/domain/views/proposal-views.ts';
import { useCan } from '../frame/use-org.ts';
import { PutBeforeOthers } from '../policy/put-before-others.tsx';
import { VersionList } from '../policy/version-list.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';
import { Proposal } from './proposal.tsx';

function LookAgain({ org, repoId }: { org: string; repoId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const look = useMutation(trpc.proposals.look.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }));
  return (
    <>
      <div>
        <Button busy={look.isPending} onClick={() => look.mutate({ org, repoId })}>
          Look for rules in the repo
        </Button>
      </div>
      {look.error && <Notice look="bad">{errorText(look.error)}</Notice>}
    </>
  );
}

type Versions = { org: string; repoId: string; policy: NonNullable<ProposalsView['policy']>; mayDecide: boolean };

/** Who accepted what of the repo's rules, the newest first. An earlier version is taken up again as a new one. */
function RuleVersions({ org, repoId, policy: { version: basedOn, versions }, mayDecide }: Versions) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const restore = useMutation(
    trpc.proposals.restore.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  );
  return (
    <>
      <PutBeforeOthers org={org} saved={restore.data} />
      {restore.error && <Notice look="bad">{errorText(restore.error)}</Notice>}
      <VersionList
        versions={versions.map(({ yaml: text, ...saved }) => ({ ...saved, text }))}
        of="this repo’s rules"
        mayChange={mayDecide}
        restoring={restore.isPending ? restore.variables.version : null}
        onRestore={({ version }) => restore.mutate({ org, repoId, version, basedOn })}
      />
    </>
  );
}

const decidingOn = ({ isApproved, orgVersion }: ProposalsView) => ({ isApproved, orgVersion });

/** What a repo's files under `.fleet/` propose, and the rules of its own that are in force. Nothing counts before it is accepted. */
export function RepoRules({ org, repoId }: { org: string; repoId: string }) {
  const trpc = useTRPC();
  const mayDecide = useCan(org, 'org:configure');
  const mayLook = useCan(org, 'repos:connect');
  const { data, error } = useQuery(trpc.proposals.list.queryOptions({ org, repoId }));
  return (
    <Section title="Rules of this repo" className="pt-4">
      <p className="max-w-[76ch] text-sm text-ink-2">
        Files <code className="font-mono">.fleet/policy.yaml</code> and{' '}
        <code className="font-mono">.fleet/roles/NAME.yaml</code> on the default branch are proposals: they count when
        an owner or admin has accepted them. A repo only narrows what the org’s limits say; a NAME that the org has no
        role of proposes a new one.
      </p>
      {error && <Notice look="bad">What the repo proposes cannot be shown now: {errorText(error)}</Notice>}
      {data && data.proposals.length > 0 && (
        <ul aria-label="Proposed by files of this repo" className="flex min-w-0 flex-col gap-4">
          {data.proposals.map((proposal) => (
            <Proposal key={proposal.id} {...{ org, proposal, mayDecide, ...decidingOn(data) }} />
          ))}
        </ul>
      )}
      {data && data.proposals.length === 0 && <p className="text-sm text-ink-2">Its files propose nothing new.</p>}
      {data?.policy && (
        <>
          <h3 className="text-sm font-medium">In force: version {data.policy.version}</h3>
          <Code text={data.policy.versions[0]?.yaml ?? ''} label="Rules of this repo in force" lines={30} />
          <RuleVersions {...{ org, repoId, policy: data.policy, mayDecide }} />
        </>
      )}
      {mayLook && <LookAgain org={org} repoId={repoId} />}
    </Section>
  );
}

/** What files of any repo propose that nobody has decided on. */
export function OpenProposals({ org }: { org: string }) {
  const trpc = useTRPC();
  const mayDecide = useCan(org, 'org:configure');
  const { data, error } = useQuery(trpc.proposals.list.queryOptions({ org }));
  if (error && !data) return <Notice look="bad">What repos propose cannot be shown now: {errorText(error)}</Notice>;
  if (!data || data.proposals.length === 0) return null;
  return (
    <Section title="Proposed by repos" className="pt-4">
      <ul aria-label="Proposed by repos" className="flex min-w-0 flex-col gap-4">
        {data.proposals.map((proposal) => (
          <Proposal key={proposal.id} {...{ org, proposal, mayDecide, ...decidingOn(data) }} />
        ))}
      </ul>
    </Section>
  );
}
