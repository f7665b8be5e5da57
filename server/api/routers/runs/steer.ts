import { z } from 'zod';
import { steerRun } from '../../../services/runs/steer-run.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsSteer = orgProcedure('runs:steer')
  .input(z.object({ runId: z.string(), text: z.string().max(20_000) }))
  .mutation(({ ctx, input }) => steerRun(changeDeps(ctx), input));
