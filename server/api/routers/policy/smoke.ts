import { z } from 'zod';
import { askSmoke } from '../../../services/policy/smoke/ask-smoke.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const policySmoke = orgProcedure('repos:connect')
  .input(
    z.object({
      repoId: z.string(),
      agentId: z.string(),
      path: z.string().trim().min(1).max(300).nullable().default(null),
    }),
  )
  .mutation(({ ctx, input: { repoId, agentId, path } }) =>
    askSmoke({ ...changeDeps(ctx), bus: ctx.web.bus }, { repoId, agentId, path }),
  );
