import { z } from 'zod';
import { retireServiceAccount } from '../../../services/keys/retire-service-account.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const keysRetireAccount = orgProcedure('org:configure')
  .input(z.object({ serviceAccountId: z.string() }))
  .mutation(({ ctx, input }) => retireServiceAccount(changeDeps(ctx), input));
