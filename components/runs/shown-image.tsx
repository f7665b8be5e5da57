'use client';

import { useQuery } from '@tanstack/react-query';
import { useParams } from 'next/navigation';
import type { ResultImage } from '../../server/domain/ports/model.ts';
import { useTRPC } from '../trpc/context.ts';

/** A picture that the agent was shown, such as a screenshot. */
export function ShownImage({ image: { blobId, width, height } }: { image: ResultImage }) {
  const trpc = useTRPC();
  const { org, runId } = useParams<{ org: string; runId: string }>();
  const answer = useQuery(
    trpc.runs.image.queryOptions({ org, runId, blobId }, { staleTime: Number.POSITIVE_INFINITY }),
  );
  if (answer.isError)
    return <p className="text-sm text-bad">The picture could not be loaded: {answer.error.message}</p>;
  return (
    <figure className="max-w-xl overflow-hidden rounded-md border border-line bg-sunken">
      <div style={{ aspectRatio: `${width} / ${height}` }} className="w-full">
        {answer.data && (
          <img
            src={`data:${answer.data.mediaType};base64,${answer.data.base64}`}
            alt="What the page looked like to the agent"
            className="size-full"
          />
        )}
      </div>
      <figcaption className="border-t border-line px-2 py-1 text-xs text-ink-3">
        {width} × {height}
      </figcaption>
    </figure>
  );
}
