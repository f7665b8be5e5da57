import { listOrgs } from '../../../services/orgs/list-orgs.ts';
import { userProcedure } from '../../trpc.ts';

export const orgsList = userProcedure.query(({ ctx: { web, viewer } }) =>
  listOrgs(web.database, { userId: viewer.userId }),
);
