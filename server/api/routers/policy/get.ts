import { getPolicy } from '../../../services/policy/get-policy.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const policyGet = orgProcedure('org:read').query(({ ctx }) => getPolicy(viewQuery(ctx)));
