'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PolicyView } from '../../server/domain/views/policy-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Notice } from '../ui/notice.tsx';
import { PutBeforeOthers } from './put-before-others.tsx';
import { VersionList } from './version-list.tsx';

type Props = { org: string; policy: PolicyView; mayChange: boolean };

/** Who saved what and why, the newest first. An earlier version is taken up again as a new one. */
export function PolicyVersions({ org, policy, mayChange }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const restore = useMutation(trpc.policy.save.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }));
  const { versions, version: basedOn } = policy;
  return (
    <>
      <PutBeforeOthers org={org} saved={restore.data} />
      {restore.error && <Notice look="bad">{errorText(restore.error)}</Notice>}
      <VersionList
        versions={versions.map(({ yaml: text, note, ...saved }) => ({
          ...saved,
          text,
          note: note || 'what the org began with',
        }))}
        mayChange={mayChange}
        restoring={restore.isPending ? restore.variables.restored : null}
        onRestore={({ version: restored, text: yaml }) =>
          restore.mutate({ org, yaml, note: `Back to version ${restored}`, basedOn, restored })
        }
      />
    </>
  );
}
