'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PolicyView } from '../../server/domain/views/policy-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Ago } from '../ui/time.tsx';
import { LineChanges } from './line-changes.tsx';

type Props = { org: string; policy: PolicyView; mayChange: boolean };

/** Who saved what and why, the newest first. An earlier version is taken up again as a new one. */
export function PolicyVersions({ org, policy, mayChange }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const restore = useMutation(trpc.policy.save.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }));
  const { versions, version: newest } = policy;
  return (
    <>
      {restore.error && <Notice look="bad">{errorText(restore.error)}</Notice>}
      <ol className="flex flex-col gap-4">
        {versions.map(({ version, author, note, createdAt, yaml }, at) => (
          <li key={version} className="flex min-w-0 flex-col gap-2">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
              <p className="min-w-0 foreign">
                <b className="font-medium">Version {version}</b>{' '}
                <span className="text-ink-2">{note === '' ? 'what the org began with' : note}</span>{' '}
                <span className="text-sm text-ink-3">
                  {author && `${author}, `}
                  <Ago at={createdAt} />
                </span>
              </p>
              {mayChange && version !== newest && (
                <Button
                  busy={restore.isPending && restore.variables.restored === version}
                  onClick={() =>
                    restore.mutate({
                      org,
                      yaml,
                      note: `Back to version ${version}`,
                      basedOn: newest,
                      restored: version,
                    })
                  }
                >
                  Go back to version {version}
                </Button>
              )}
            </div>
            {versions[at + 1] && (
              <LineChanges before={versions[at + 1]!.yaml} after={yaml} label={`What version ${version} changed`} />
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
