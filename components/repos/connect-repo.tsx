'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { ConfirmNewRepo } from './confirm-new-repo.tsx';
import { ConnectSample } from './connect-sample.tsx';
import { FindRepo } from './find-repo.tsx';
import { SourceChoice, type RepoSource } from './source-choice.tsx';
import type { Connected } from './use-connect.ts';

type Props = {
  org: string;
  onConnected: (connected: Connected) => void;
  /** Whoever shows this lets the person confirm the classes of its paths elsewhere. */
  confirmsElsewhere?: boolean;
};

/** Connects a repo: looked at and cloned first, saved only then; and then lets a person confirm what is precious in it. */
export function ConnectRepo({ org, onConnected, confirmsElsewhere = false }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [source, setSource] = useState<RepoSource>('sample');
  const [fresh, setFresh] = useState<Connected | null>(null);
  const operator = useQuery(trpc.me.get.queryOptions(undefined, { staleTime: 60_000 })).data?.operator ?? false;
  const connected = async (repo: Connected) => {
    if (!confirmsElsewhere) setFresh(repo);
    await queryClient.invalidateQueries({ queryKey: trpc.repos.pathKey() });
    if (confirmsElsewhere) onConnected(repo);
  };
  if (fresh) return <ConfirmNewRepo org={org} repoId={fresh.repoId} onDone={() => onConnected(fresh)} />;
  return (
    <div className="flex flex-col gap-4">
      <SourceChoice value={source} operator={operator} onChange={setSource} />
      {source === 'sample' ? (
        <ConnectSample org={org} onConnected={(repo) => void connected(repo)} />
      ) : (
        <FindRepo key={source} org={org} source={source} onConnected={(repo) => void connected(repo)} />
      )}
    </div>
  );
}
