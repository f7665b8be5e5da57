import { z } from 'zod';
import { decideApproval } from '../../../services/approvals/decide-approval.ts';
import { getApproval } from '../../../services/views/get-approval.ts';
import { changeDeps } from '../../change-deps.ts';
import { granted } from '../../../domain/approval/granted.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

/**
 * One person's decision. Seeing approvals is all the scope demands: who may decide hangs on what is asked (the person who
 * filed a task may answer its questions), and decideApproval holds it.
 */
export const approvalsDecide = orgProcedure('approvals:read')
  .input(
    z.object({
      approvalId: z.string(),
      digest: z.string(),
      verdict: z.enum(['approved', 'denied']),
      reason: z.string().trim().max(2_000),
      answer: z.string().trim().max(2_000).nullish(),
      granted: granted.nullish(),
      rework: z.boolean().optional(),
    }),
  )
  .mutation(async ({ ctx, input: { org: _org, ...decision } }) => {
    await decideApproval({ ...changeDeps(ctx), bus: ctx.web.bus }, { ...decision, via: 'browser' });
    return getApproval(viewQuery(ctx), { approvalId: decision.approvalId });
  });
