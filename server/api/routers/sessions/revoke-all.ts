import { z } from 'zod';
import { revokeSessions } from '../../../services/sessions/revoke-sessions.ts';
import { userProcedure } from '../../trpc.ts';

export const sessionsRevokeAll = userProcedure
  .input(z.object({ keepThis: z.boolean() }))
  .mutation(({ ctx: { web, viewer }, input: { keepThis } }) =>
    revokeSessions(
      { database: web.database, userId: viewer.userId, now: web.clock.now() },
      { keep: keepThis ? (viewer.sessionId ?? null) : null },
    ),
  );
