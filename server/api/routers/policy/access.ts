import { getAccess } from '../../../services/policy/access/get-access.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';
import { accessInput } from './access-input.ts';

export const policyAccess = orgProcedure('repos:read')
  .input(accessInput)
  .query(({ ctx, input }) => getAccess({ ...viewQuery(ctx), codeHost: ctx.web.codeHost }, input));
