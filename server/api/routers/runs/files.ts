import { z } from 'zod';
import { getRunFiles } from '../../../services/views/get-run-files.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsFiles = orgProcedure('runs:read')
  .input(
    z.object({
      runId: z.string().max(64),
      turn: z.int().nonnegative(),
      match: z.string().trim().max(200).default(''),
    }),
  )
  .query(({ ctx, input: { runId, turn, match } }) =>
    getRunFiles({ ...viewQuery(ctx), codeHost: ctx.web.codeHost }, { runId, turn, match }),
  );
