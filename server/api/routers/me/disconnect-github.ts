import { disconnectGithub } from '../../../services/sessions/note-identity.ts';
import { userProcedure } from '../../trpc.ts';

export const meDisconnectGithub = userProcedure.mutation(({ ctx: { web, viewer } }) =>
  disconnectGithub({ database: web.database, userId: viewer.userId, now: web.clock.now() }),
);
