import { z } from 'zod';
import { removeModelConnection } from '../../../services/settings/remove-model-connection.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsRemoveModelConnection = orgProcedure('org:configure')
  .input(z.object({ connectionId: z.string() }))
  .mutation(({ ctx, input: { connectionId } }) => removeModelConnection(changeDeps(ctx), { connectionId }));
