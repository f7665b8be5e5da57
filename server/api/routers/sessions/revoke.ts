import { z } from 'zod';
import { revokeSession } from '../../../services/sessions/revoke-sessions.ts';
import { userProcedure } from '../../trpc.ts';

export const sessionsRevoke = userProcedure
  .input(z.object({ sessionId: z.string() }))
  .mutation(({ ctx: { web, viewer }, input }) =>
    revokeSession({ database: web.database, userId: viewer.userId, now: web.clock.now() }, input),
  );
