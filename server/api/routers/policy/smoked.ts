import { z } from 'zod';
import { getSmoke } from '../../../services/policy/smoke/get-smoke.ts';
import { orgProcedure } from '../../trpc.ts';

export const policySmoked = orgProcedure('repos:read')
  .input(z.object({ smokeId: z.string() }))
  .query(({ ctx, input: { smokeId } }) => getSmoke({ db: ctx.db, orgId: ctx.org.id }, { smokeId }));
