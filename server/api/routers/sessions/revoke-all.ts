import { z } from 'zod';
import { revokeSessions } from '../../../services/sessions/revoke-sessions.ts';
import { userProcedure } from '../../trpc.ts';

export const sessionsRevokeAll = userProcedure
  .input(z.object({ keepThis: z.boolean() }))
  .mutation(({ ctx: { web, viewer }, input: { keepThis } }) =>
    revokeSessions(
      { system: web.database.system, userId: viewer.userId },
      { keep: keepThis ? (viewer.sessionId ?? null) : null },
    ),
  );
