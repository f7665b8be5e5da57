'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { ConnectRepo } from '../repos/connect-repo.tsx';
import { useTRPC } from '../trpc/context.ts';
import { Button } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';

/** The connected repos, and the way to another one. */
export function Repos({ org, mayConnect }: { org: string; mayConnect: boolean }) {
  const trpc = useTRPC();
  const [adding, setAdding] = useState(false);
  const repos = useQuery(trpc.repos.list.queryOptions({ org })).data ?? [];
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      {repos.length === 0 && <p className="text-ink-2">No repo is connected yet.</p>}
      {repos.length > 0 && (
        <ul className="flex flex-col divide-y divide-line">
          {repos.map((repo) => (
            <li key={repo.id} className="flex flex-col gap-0.5 py-2.5 first:pt-0">
              <Link
                href={`/${org}/repos/${repo.id}`}
                className="self-start font-medium text-accent underline-offset-2 foreign hover:underline"
              >
                {repo.name}
              </Link>
              <p className="font-mono text-sm text-ink-2 foreign">{repo.remote}</p>
              <p className="text-sm text-ink-3">
                {plural(repo.files, 'file')} on <span className="font-mono">{repo.defaultBranch}</span>; tests:{' '}
                <span className="font-mono">{repo.testCommand}</span>
                {!repo.confirmed && '; nobody has confirmed its path classes'}
              </p>
            </li>
          ))}
        </ul>
      )}
      {mayConnect && !adding && (
        <Button className="self-start" onClick={() => setAdding(true)}>
          <Plus aria-hidden className="size-4" />
          Connect a repo
        </Button>
      )}
      {adding && <ConnectRepo org={org} onConnected={() => setAdding(false)} />}
    </div>
  );
}
