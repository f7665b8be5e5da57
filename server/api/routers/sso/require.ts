import { z } from 'zod';
import { requireSso } from '../../../services/sso/require-sso.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const ssoRequire = orgProcedure('org:own')
  .input(z.object({ required: z.boolean() }))
  .mutation(({ ctx, input: { required } }) =>
    requireSso({ ...changeDeps(ctx), provider: ctx.viewer.provider ?? null }, { required }),
  );
