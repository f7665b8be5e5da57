import { z } from 'zod';
import { eraseEvent } from '../../../services/audit/erase-event.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const auditErase = orgProcedure('audit:erase')
  .input(
    z.object({
      streamId: z.string().max(64),
      seq: z.int().min(1).max(2_147_483_647),
      reason: z.string().trim().min(3).max(500),
    }),
  )
  .mutation(({ ctx, input: { streamId, seq, reason } }) =>
    eraseEvent({ ...changeDeps(ctx), auditKeys: ctx.web.auditKeys }, { streamId, seq, reason }),
  );
