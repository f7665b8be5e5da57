import { z } from 'zod';
import { getRunPage } from '../../../services/views/get-run-page.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

const seq = z.int().nonnegative().max(2_147_483_646);

export const runsPage = orgProcedure('runs:read')
  .input(
    z.object({
      runId: z.string().max(64),
      which: z.union([z.object({ at: seq }), z.object({ before: seq }), z.object({ after: seq })]),
    }),
  )
  .query(({ ctx, input: { runId, which } }) => getRunPage(viewQuery(ctx), { runId, which }));
