import { z } from 'zod';
import { listOrgEvents } from '../../../services/views/list-org-events.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const auditEvents = orgProcedure('audit:verify')
  .input(
    z.object({
      afterSeq: z.number().int().nonnegative().optional(),
      limit: z.number().int().min(1).max(500).default(100),
    }),
  )
  .query(({ ctx, input }) => listOrgEvents(viewQuery(ctx), { afterSeq: input.afterSeq, limit: input.limit }));
