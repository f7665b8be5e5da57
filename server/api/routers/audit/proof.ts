import { z } from 'zod';
import { proveEvent } from '../../../services/audit/prove-event.ts';
import { headQuery } from '../../head-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const auditProof = orgProcedure('audit:verify')
  .input(z.object({ streamId: z.string().max(64), seq: z.number().int().min(1).max(2_147_483_647) }))
  .query(({ ctx, input: { streamId, seq } }) => proveEvent(headQuery(ctx), { streamId, seq }));
