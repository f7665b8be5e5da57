import { z } from 'zod';
import { createOrg } from '../../../services/orgs/create-org.ts';
import { userProcedure } from '../../trpc.ts';

export const orgsCreate = userProcedure
  .input(z.object({ name: z.string().trim().min(1, 'Give the org a name.').max(80) }))
  .mutation(({ ctx, input }) =>
    createOrg(
      {
        database: ctx.web.database,
        userId: ctx.viewer.userId,
        now: ctx.web.clock.now(),
        environmentModelKey: ctx.web.settings.environmentModelKey,
      },
      { name: input.name },
    ),
  );
