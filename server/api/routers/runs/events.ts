import { tracked } from '@trpc/server';
import { z } from 'zod';
import type { EventView } from '../../../domain/views/views.ts';
import { getRunStream } from '../../../services/views/get-run-stream.ts';
import { openStream } from '../../open-stream.ts';
import { orgProcedure } from '../../trpc.ts';

/** A run's events from the first, or after `lastEventId`, until the run is over; each once and in order. */
export const runsEvents = orgProcedure('runs:read')
  .input(z.object({ runId: z.string(), lastEventId: z.coerce.number().int().nonnegative().nullish() }))
  .subscription(async ({ ctx, input, signal }) => {
    const { orgId, streamId, lastSeq } = await getRunStream({ db: ctx.db, orgId: ctx.org.id }, { runId: input.runId });
    const afterSeq = input.lastEventId ?? 0;
    return openStream(ctx, signal, (until) =>
      upTo(lastSeq, afterSeq, ctx.web.feed.follow({ orgId, streamId, afterSeq, signal: until })),
    );
  });

/** Ends with the run: at once where everything was seen already, else after its last event. */
async function* upTo(lastSeq: number | null, afterSeq: number, events: AsyncIterable<EventView>) {
  if (lastSeq !== null && afterSeq >= lastSeq) return;
  for await (const event of events) {
    yield tracked(String(event.seq), event);
    if (event.kind === 'run.ended' || event.seq === lastSeq) return;
  }
}
