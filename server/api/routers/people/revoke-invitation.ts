import { z } from 'zod';
import { revokeInvitation } from '../../../services/people/revoke-invitation.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const peopleRevokeInvitation = orgProcedure('members:manage')
  .input(z.object({ invitationId: z.string() }))
  .mutation(({ ctx, input }) => revokeInvitation(changeDeps(ctx), input));
