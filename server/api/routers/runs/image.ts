import { z } from 'zod';
import { getRunImage } from '../../../services/views/get-run-image.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsImage = orgProcedure('runs:read')
  .input(z.object({ runId: z.string(), blobId: z.string() }))
  .query(({ ctx, input }) => getRunImage(viewQuery(ctx), input));
