import { z } from 'zod';
import { acceptInvitation } from '../../../services/people/accept-invitation.ts';
import { userProcedure } from '../../trpc.ts';

export const invitationsAccept = userProcedure
  .input(z.object({ secret: z.string().max(100) }))
  .mutation(({ ctx: { web, viewer }, input }) =>
    acceptInvitation({ database: web.database, now: web.clock.now(), ...viewer }, input),
  );
