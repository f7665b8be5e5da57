'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { ClassNotices } from './class-notices.tsx';
import { EditClasses } from './edit-classes.tsx';

type Props = { org: string; repoId: string; onDone: () => void };

/** After a repo is cloned: the three classes that no pattern guesses well, counted in it, for a person to add to and confirm. */
export function ConfirmNewRepo({ org, repoId, onDone }: Props) {
  const trpc = useTRPC();
  const { data: view, error, isFetching, refetch } = useQuery(trpc.repos.classes.queryOptions({ org, repoId }));
  return (
    <section aria-label="What is precious in it" className="flex min-w-0 flex-col gap-4">
      <div className="flex flex-col gap-1">
        <h3 className="font-medium">What is precious in it</h3>
        <p className="max-w-[76ch] text-sm text-ink-2">
          The repo is connected. Rules ask or refuse by these three classes, and names of folders are a poor guess at
          them: look at what Fleet’s own patterns find, and add what they miss. What is added can only make the repo
          stricter.
        </p>
      </div>
      {error && !view && (
        <>
          <Notice look="bad">{errorText(error)}</Notice>
          <div className="flex flex-wrap gap-2">
            <Button look="primary" busy={isFetching} onClick={() => void refetch()}>
              Try again
            </Button>
            <Button onClick={onDone}>Confirm later</Button>
          </div>
        </>
      )}
      {!view && !error && <Bone className="h-40" />}
      {view && (
        <>
          <ClassNotices view={view} />
          <EditClasses org={org} repoId={repoId} view={view} leave="Confirm later" onDone={onDone} />
        </>
      )}
    </section>
  );
}
