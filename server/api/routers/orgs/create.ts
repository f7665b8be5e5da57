import { z } from 'zod';
import { everybodyMakesOrgs } from '../../../domain/authz/sign-up.ts';
import { AppError } from '../../../domain/errors.ts';
import { createOrg } from '../../../services/orgs/create-org.ts';
import { userProcedure } from '../../trpc.ts';

export const orgName = z
  .string()
  .trim()
  .min(1, 'Give the org a name.')
  .max(80)
  .regex(/^[^\p{Cc}]*$/u, 'One line without control characters.');

export const orgsCreate = userProcedure.input(z.object({ name: orgName })).mutation(({ ctx, input }) => {
  if (!everybodyMakesOrgs(ctx.web.settings.signUp) && !ctx.viewer.operator) {
    throw new AppError('forbidden', 'On this installation only its operator makes orgs. Ask to be invited into one.');
  }
  return createOrg(
    {
      database: ctx.web.database,
      userId: ctx.viewer.userId,
      now: ctx.web.clock.now(),
      environmentModelKey: ctx.web.settings.environmentModelKey,
    },
    { name: input.name },
  );
});
