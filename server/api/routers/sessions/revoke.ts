import { z } from 'zod';
import { revokeSession } from '../../../services/sessions/revoke-sessions.ts';
import { userProcedure } from '../../trpc.ts';

export const sessionsRevoke = userProcedure
  .input(z.object({ sessionId: z.string() }))
  .mutation(({ ctx: { web, viewer }, input }) =>
    revokeSession({ system: web.database.system, userId: viewer.userId }, input),
  );
