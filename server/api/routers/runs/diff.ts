import { z } from 'zod';
import { getRunDiff } from '../../../services/views/get-run-diff.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsDiff = orgProcedure('runs:read')
  .input(z.object({ runId: z.string() }))
  .query(({ ctx, input }) => getRunDiff({ ...viewQuery(ctx), codeHost: ctx.web.codeHost }, { runId: input.runId }));
