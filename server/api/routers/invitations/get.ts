import { z } from 'zod';
import { showInvitation } from '../../../services/people/accept-invitation.ts';
import { userProcedure } from '../../trpc.ts';

export const invitationsGet = userProcedure
  .input(z.object({ secret: z.string().max(100) }))
  .query(({ ctx: { web, viewer }, input }) =>
    showInvitation({ database: web.database, now: web.clock.now(), ...viewer }, input),
  );
