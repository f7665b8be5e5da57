import { z } from 'zod';
import { getRunStream } from '../../../services/views/get-run-stream.ts';
import { openStream } from '../../open-stream.ts';
import { orgProcedure } from '../../trpc.ts';

/** The text of the turn that is being written. Ephemeral: what is missed comes with the finished message. */
export const runsLive = orgProcedure('runs:read')
  .input(z.object({ runId: z.string() }))
  .subscription(async ({ ctx, input: { runId }, signal }) => {
    await getRunStream({ db: ctx.db, orgId: ctx.org.id }, { runId });
    return openStream(ctx, signal, (until) => ctx.web.feed.deltas({ runId, signal: until }));
  });
