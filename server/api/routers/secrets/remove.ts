import { z } from 'zod';
import { removeSecret } from '../../../services/secrets/remove-secret.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const secretsRemove = orgProcedure('org:configure')
  .input(z.object({ secretId: z.string() }))
  .mutation(({ ctx, input: { secretId } }) => removeSecret(changeDeps(ctx), { secretId }));
