import { z } from 'zod';
import { getApproval } from '../../../services/views/get-approval.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const approvalsGet = orgProcedure('approvals:read')
  .input(z.object({ approvalId: z.string() }))
  .query(({ ctx, input }) => getApproval(viewQuery(ctx), { approvalId: input.approvalId }));
