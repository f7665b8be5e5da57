import { z } from 'zod';
import { getRun } from '../../../services/views/get-run.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsGet = orgProcedure('runs:read')
  .input(z.object({ runId: z.string() }))
  .query(({ ctx, input }) => getRun(viewQuery(ctx), { runId: input.runId }));
