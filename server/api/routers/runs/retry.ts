import { z } from 'zod';
import { retryRun } from '../../../services/runs/retry-run.ts';
import { changeDeps } from '../../change-deps.ts';
import { modelOffer } from '../../model-offer.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsRetry = orgProcedure('runs:steer')
  .input(z.object({ runId: z.string(), turn: z.int().positive(), note: z.string().trim().max(4_000).default('') }))
  .mutation(async ({ ctx, input: { runId, turn, note } }) => {
    const offer = await modelOffer(ctx);
    return retryRun({ ...changeDeps(ctx), bus: ctx.web.bus, offer }, { runId, turn, note });
  });
