import { z } from 'zod';
import { placeHold } from '../../../services/audit/retention/holds.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const retentionPlaceHold = orgProcedure('audit:erase')
  .input(z.object({ runId: z.string().max(64).nullable(), reason: z.string().trim().min(3).max(500) }))
  .mutation(({ ctx, input: { runId, reason } }) => placeHold(changeDeps(ctx), { runId, reason }));
