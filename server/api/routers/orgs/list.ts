import { listOrgs } from '../../../services/orgs/list-orgs.ts';
import { userProcedure } from '../../trpc.ts';

export const orgsList = userProcedure.query(({ ctx }) =>
  listOrgs(
    { database: ctx.web.database, environmentModelKey: ctx.web.settings.environmentModelKey },
    { userId: ctx.viewer.userId },
  ),
);
