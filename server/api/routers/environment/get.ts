import { z } from 'zod';
import { getEnvironment } from '../../../services/views/get-environment.ts';
import { orgProcedure } from '../../trpc.ts';

export const environmentGet = orgProcedure('repos:read')
  .input(z.object({ repoId: z.string() }))
  .query(({ ctx, input: { repoId } }) =>
    getEnvironment({ db: ctx.db, orgId: ctx.org.id, now: ctx.web.clock.now() }, { repoId }),
  );
