'use client';

import { useQuery } from '@tanstack/react-query';
import { Diff } from '../diff/diff.tsx';
import { useTRPC } from '../trpc/context.ts';
import { Button } from '../ui/button.tsx';
import { Bone } from '../ui/skeleton.tsx';

type Props = { org: string; runId: string; turn: number; onWhole: () => void };

/** What one turn changed in the agent's work tree, handed over or not. */
export function TurnDiff({ org, runId, turn, onWhole }: Props) {
  const trpc = useTRPC();
  const answer = useQuery(trpc.runs.turnDiff.queryOptions({ org, runId, turn }));
  return (
    <section aria-label={`What turn ${turn} changed`} className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-medium">What turn {turn} changed</h2>
        <Button look="quiet" onClick={onWhole}>
          Whole diff
        </Button>
      </div>
      <Answer {...answer} turn={turn} />
    </section>
  );
}

type Answered = {
  turn: number;
  data: { diff: string; cut: boolean; leftOut: string[] } | undefined;
  error: { message: string } | null;
};

function Answer({ turn, data, error }: Answered) {
  if (error) return <p className="text-sm text-ink-3">{error.message}</p>;
  if (!data) return <Bone className="h-32" />;
  return (
    <>
      {data.leftOut.length > 0 && (
        <p className="text-sm text-ink-3 foreign">
          Not kept, because too large or unreadable: {data.leftOut.join(', ')}
        </p>
      )}
      <Diff diff={data.diff} cut={data.cut} empty={`Turn ${turn} changed no file that the repository keeps.`} />
    </>
  );
}
