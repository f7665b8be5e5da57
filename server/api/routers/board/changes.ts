import { openStream } from '../../open-stream.ts';
import { orgProcedure } from '../../trpc.ts';

/** One item at once, then one whenever something happened in the org: the sign to fetch anew. */
export const boardChanges = orgProcedure('tasks:read').subscription(({ ctx, signal }) =>
  openStream(ctx, signal, (until) => ctx.web.feed.changes({ orgId: ctx.org.id, signal: until })),
);
