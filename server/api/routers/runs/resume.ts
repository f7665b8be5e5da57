import { z } from 'zod';
import { resumeRun } from '../../../services/runs/steer-run.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsResume = orgProcedure('runs:steer')
  .input(z.object({ runId: z.string() }))
  .mutation(({ ctx, input }) => resumeRun({ ...changeDeps(ctx), bus: ctx.web.bus }, input));
