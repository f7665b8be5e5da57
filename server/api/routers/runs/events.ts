import { z } from 'zod';
import type { EventView } from '../../../domain/views/views.ts';
import { getRunStream } from '../../../services/views/get-run-stream.ts';
import { asEvents, framesOf } from '../../frames.ts';
import { openStream } from '../../open-stream.ts';
import { orgProcedure } from '../../trpc.ts';

/** A run's events from the first, or after `lastEventId`, until the run is over; each once and in order. */
export const runsEvents = orgProcedure('runs:read')
  .input(z.object({ runId: z.string(), lastEventId: z.coerce.number().int().nonnegative().nullish() }))
  .subscription(async ({ ctx, input, signal }) => {
    const { orgId, streamId, lastSeq } = await getRunStream({ db: ctx.db, orgId: ctx.org.id }, { runId: input.runId });
    const afterSeq = input.lastEventId ?? 0;
    const stream = openStream(ctx, signal, (until) =>
      upTo(lastSeq, afterSeq, ctx.web.feed.follow({ orgId, streamId, afterSeq, signal: until })),
    );
    return asEvents(stream);
  });

/** Ends with the run: at once where everything was seen already, else after its last event. */
async function* upTo(lastSeq: number | null, afterSeq: number, some: AsyncIterable<readonly EventView[]>) {
  if (lastSeq !== null && afterSeq >= lastSeq) return;
  for await (const events of some) {
    const end = events.findIndex(({ kind, seq }) => kind === 'run.ended' || seq === lastSeq);
    if (end < 0) {
      yield* framesOf(events);
      continue;
    }
    yield* framesOf(end === events.length - 1 ? events : events.slice(0, end + 1));
    return;
  }
}
