import { listOrgs } from '../../../services/orgs/list-orgs.ts';
import { userProcedure } from '../../trpc.ts';

export const meGet = userProcedure.query(async ({ ctx }) => ({
  email: ctx.viewer.email,
  operator: ctx.viewer.operator,
  orgs: await listOrgs(
    { database: ctx.web.database, environmentModelKey: ctx.web.settings.environmentModelKey },
    { userId: ctx.viewer.userId },
  ),
}));
