import { z } from 'zod';
import { liftHold } from '../../../services/audit/retention/holds.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const retentionLiftHold = orgProcedure('audit:erase')
  .input(z.object({ holdId: z.string().max(64), reason: z.string().trim().min(3).max(500) }))
  .mutation(({ ctx, input: { holdId, reason } }) => liftHold(changeDeps(ctx), { holdId, reason }));
