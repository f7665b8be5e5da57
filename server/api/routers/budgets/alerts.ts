import { z } from 'zod';
import { getBudgetAlerts } from '../../../services/views/get-budget-alerts.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const budgetsAlerts = orgProcedure('org:read')
  .input(z.object({ taskId: z.string().optional(), runId: z.string().optional() }))
  .query(({ ctx, input: { taskId, runId } }) => getBudgetAlerts(viewQuery(ctx), { taskId, runId }));
