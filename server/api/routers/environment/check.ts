import { z } from 'zod';
import { requestEnvironment } from '../../../services/environment/request-environment.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const environmentCheck = orgProcedure('tasks:create')
  .input(z.object({ repoId: z.string() }))
  .mutation(({ ctx, input: { repoId } }) => requestEnvironment({ ...changeDeps(ctx), bus: ctx.web.bus }, { repoId }));
