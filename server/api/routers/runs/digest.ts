import { z } from 'zod';
import { getRunDigest } from '../../../services/views/get-run-page.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsDigest = orgProcedure('runs:read')
  .input(z.object({ runId: z.string().max(64) }))
  .query(({ ctx, input: { runId } }) => getRunDigest(viewQuery(ctx), { runId }));
