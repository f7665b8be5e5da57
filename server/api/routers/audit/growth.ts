import { z } from 'zod';
import { proveGrowth } from '../../../services/audit/prove-growth.ts';
import { headQuery } from '../../head-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const auditGrowth = orgProcedure('audit:verify')
  .input(z.object({ size: z.number().int().min(1).max(2_147_483_647) }))
  .query(({ ctx, input: { size } }) => proveGrowth(headQuery(ctx), { size }));
