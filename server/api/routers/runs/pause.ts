import { z } from 'zod';
import { pauseRun } from '../../../services/runs/steer-run.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsPause = orgProcedure('runs:steer')
  .input(z.object({ runId: z.string() }))
  .mutation(({ ctx, input }) => pauseRun(changeDeps(ctx), input));
