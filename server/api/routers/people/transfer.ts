import { z } from 'zod';
import { transferOrg } from '../../../services/people/move-member.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const peopleTransfer = orgProcedure('org:own')
  .input(z.object({ memberId: z.string() }))
  .mutation(({ ctx, input }) => transferOrg(changeDeps(ctx), input));
