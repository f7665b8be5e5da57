import { z } from 'zod';
import { searchRun } from '../../../services/views/search-run.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const runsSearch = orgProcedure('runs:read')
  .input(
    z.object({
      runId: z.string().max(64),
      text: z.string().trim().min(2).max(200),
      afterSeq: z.int().nonnegative().max(2_147_483_647).default(0),
    }),
  )
  .query(({ ctx, input: { runId, text, afterSeq } }) => searchRun(viewQuery(ctx), { runId, text, afterSeq }));
