'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isNoOlderVersion, loosened } from '../../server/domain/agents/loosened.ts';
import type { AgentRevisionView, AgentView } from '../../server/domain/views/agent-view.ts';
import { LineChanges } from '../policy/line-changes.tsx';
import { PutBeforeOthers } from '../policy/put-before-others.tsx';
import { VersionList, type WhyNot } from '../policy/version-list.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Field } from '../ui/field.tsx';
import { plural } from '../ui/format.ts';
import { Select } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';

type Props = { org: string; agent: AgentView; mayConfigure: boolean };

/** What an agent was set to, what each save changed, and any two of them side by side. */
export function AgentHistory({ org, agent, mayConfigure }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id: agentId, name, revision: basedOn } = agent;
  const { data: revisions, error } = useQuery(trpc.agents.revisions.queryOptions({ org, agentId }));
  const restore = useMutation(trpc.agents.save.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }));
  if (error && !revisions) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!revisions) return <ListSkeleton />;
  return (
    <div className="flex min-w-0 flex-col gap-4 border-t border-line pt-4">
      {restore.error && <Notice look="bad">{errorText(restore.error)}</Notice>}
      <PutBeforeOthers org={org} saved={restore.data} />
      {revisions.length > 2 && <CompareRevisions revisions={revisions} of={name} />}
      <VersionList
        word="revision"
        of={name}
        versions={revisions.map(({ note, runs, ...rest }) => ({
          ...rest,
          note: (
            <>
              {note}{' '}
              <span className="text-sm text-ink-3">
                {runs === 0 ? 'No run had it.' : `${plural(runs, 'run')} had it.`}
              </span>
            </>
          ),
        }))}
        mayChange={mayConfigure}
        whyNot={({ version }) =>
          whyNotBack(
            agent,
            revisions.find((each) => each.version === version),
          )
        }
        restoring={restore.isPending ? restore.variables.restored : null}
        onRestore={({ version: restored }) =>
          restore.mutate({ org, agentId, basedOn, note: `Back to revision ${restored}`, restored })
        }
      />
    </div>
  );
}

/** What going back to a revision would meet, where it is refused or has to wait; null where it counts at once. */
function whyNotBack(agent: AgentView, revision: AgentRevisionView | undefined): WhyNot | null {
  const { approval, settings, newestRoleVersion: newest } = agent;
  if (approval === null || revision === undefined) return null;
  const { roleVersion } = revision.settings;
  if (approval.waits) {
    const more = loosened(settings, revision.settings, newest);
    return more.length === 0 ? null : { refused: false, words: `Waits for ${approval.by}: ${more.join('; ')}.` };
  }
  if (isNoOlderVersion(roleVersion, { newest, kept: settings.roleVersion })) return null;
  return {
    refused: true,
    words: `It stays at version ${roleVersion} of its role, which ${approval.by} would have to approve.`,
  };
}

/** Two revisions line by line, whichever a person chooses. */
function CompareRevisions({ revisions, of }: { revisions: readonly AgentRevisionView[]; of: string }) {
  const newest = revisions[0]!;
  const [before, setBefore] = useState(revisions.at(-1)!.version);
  const [after, setAfter] = useState(newest.version);
  const found = (version: number) => revisions.find((each) => each.version === version) ?? newest;
  const choice = (label: string, value: number, set: (version: number) => void) => (
    <Field label={label} className="min-w-36 flex-1">
      {(wiring) => (
        <Select {...wiring} value={value} onChange={({ target }) => set(Number(target.value))}>
          {revisions.map(({ version }) => (
            <option key={version} value={version}>
              revision {version}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap gap-3">
        {choice('Compare', before, setBefore)}
        {choice('With', after, setAfter)}
      </div>
      <LineChanges
        before={found(before).text}
        after={found(after).text}
        label={`Revision ${before} against ${after} of ${of}`}
      />
    </div>
  );
}
