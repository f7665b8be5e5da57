import { listRoles } from '../../../services/roles/list-roles.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const rolesList = orgProcedure('org:read').query(({ ctx }) => listRoles(viewQuery(ctx)));
