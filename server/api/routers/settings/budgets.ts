import { getBudgets } from '../../../services/views/get-budgets.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsBudgets = orgProcedure('org:read').query(({ ctx }) => getBudgets(viewQuery(ctx)));
