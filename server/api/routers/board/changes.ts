import { openUntil } from '../../open-until.ts';
import { orgProcedure } from '../../trpc.ts';

/** One item at once, then one whenever something happened in the org: the sign to fetch anew. */
export const boardChanges = orgProcedure('tasks:read').subscription(({ ctx, signal }) =>
  ctx.web.feed.changes({ orgId: ctx.org.id, signal: openUntil(ctx.web.closing, signal) }),
);
