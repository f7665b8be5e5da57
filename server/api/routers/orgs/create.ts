import { z } from 'zod';
import { createOrg } from '../../../services/orgs/create-org.ts';
import { userProcedure } from '../../trpc.ts';

export const orgName = z
  .string()
  .trim()
  .min(1, 'Give the org a name.')
  .max(80)
  .regex(/^[^\p{Cc}]*$/u, 'One line without control characters.');

export const orgsCreate = userProcedure.input(z.object({ name: orgName })).mutation(({ ctx, input }) =>
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
