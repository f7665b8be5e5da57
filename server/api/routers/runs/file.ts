import { z } from 'zod';
import { getRunFile } from '../../../services/views/get-run-files.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsFile = orgProcedure('runs:read')
  .input(z.object({ runId: z.string().max(64), turn: z.int().nonnegative(), path: z.string().min(1).max(4_096) }))
  .query(({ ctx, input: { runId, turn, path } }) =>
    getRunFile({ ...viewQuery(ctx), codeHost: ctx.web.codeHost }, { runId, turn, path }),
  );
