import { z } from 'zod';
import { getLogEvent } from '../../../services/audit/search-log.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const auditEvent = orgProcedure('audit:verify')
  .input(z.object({ streamId: z.string().max(64), seq: z.int().min(1).max(2_147_483_647) }))
  .query(({ ctx, input: { streamId, seq } }) => getLogEvent(viewQuery(ctx), { streamId, seq }));
