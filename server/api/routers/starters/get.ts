import { getStarters } from '../../../services/orgs/get-starters.ts';
import { orgProcedure } from '../../trpc.ts';

export const startersGet = orgProcedure('org:read').query(({ ctx }) => getStarters({ db: ctx.db, orgId: ctx.org.id }));
