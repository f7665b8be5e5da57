'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { ConnectSample } from './connect-sample.tsx';
import { FindRepo } from './find-repo.tsx';
import { SourceChoice, type RepoSource } from './source-choice.tsx';

type Props = {
  org: string;
  /** `millis`: how long reaching and cloning the repo took, as the person saw it. */
  onConnected: (millis: number) => void;
};

/** Connects a repo: looked at and cloned first, saved only then. */
export function ConnectRepo({ org, onConnected }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [source, setSource] = useState<RepoSource>('sample');
  const operator = useQuery(trpc.me.get.queryOptions(undefined, { staleTime: 60_000 })).data?.operator ?? false;
  const connected = async (millis: number) => {
    await queryClient.invalidateQueries({ queryKey: trpc.repos.pathKey() });
    onConnected(millis);
  };
  return (
    <div className="flex flex-col gap-4">
      <SourceChoice value={source} operator={operator} onChange={setSource} />
      {source === 'sample' ? (
        <ConnectSample org={org} onConnected={(millis) => void connected(millis)} />
      ) : (
        <FindRepo key={source} org={org} source={source} onConnected={(millis) => void connected(millis)} />
      )}
    </div>
  );
}
