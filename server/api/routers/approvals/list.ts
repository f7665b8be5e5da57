import { z } from 'zod';
import { listApprovals } from '../../../services/views/list-approvals.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const approvalsList = orgProcedure('approvals:read')
  .input(z.object({ status: z.enum(['pending', 'approved', 'denied', 'expired', 'voided']).optional() }))
  .query(({ ctx, input }) => listApprovals(viewQuery(ctx), { status: input.status }));
