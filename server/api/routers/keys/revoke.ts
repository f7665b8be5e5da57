import { z } from 'zod';
import { revokeKey } from '../../../services/keys/revoke-key.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const keysRevoke = orgProcedure('org:configure')
  .input(z.object({ keyId: z.string() }))
  .mutation(({ ctx, input }) => revokeKey(changeDeps(ctx), input));
