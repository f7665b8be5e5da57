import { z } from 'zod';
import { stopRun } from '../../../services/runs/stop-run.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsStop = orgProcedure('runs:stop')
  .input(z.object({ runId: z.string(), reason: z.string().trim().min(1, 'Say why it is stopped.').max(500) }))
  .mutation(({ ctx, input }) =>
    stopRun({ ...changeDeps(ctx), bus: ctx.web.bus }, { runId: input.runId, reason: input.reason }),
  );
