import { z } from 'zod';
import { getModelStatus } from '../../../services/settings/get-model-status.ts';
import { retryRun } from '../../../services/runs/retry-run.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsRetry = orgProcedure('runs:steer')
  .input(z.object({ runId: z.string(), turn: z.int().positive(), note: z.string().trim().max(4_000).default('') }))
  .mutation(async ({ ctx, input: { runId, turn, note } }) => {
    const { environmentModelKey } = ctx.web.settings;
    const { kind } = await getModelStatus({ db: ctx.db, orgId: ctx.org.id, environmentModelKey });
    return retryRun({ ...changeDeps(ctx), bus: ctx.web.bus, model: { kind } }, { runId, turn, note });
  });
