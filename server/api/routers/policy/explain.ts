import { z } from 'zod';
import { explainPolicy } from '../../../domain/policy/explain-policy.ts';
import { orgProcedure } from '../../trpc.ts';

/** Changes nothing: a mutation because a policy is too long for an address. */
export const policyExplain = orgProcedure('org:read')
  .input(z.object({ yaml: z.string().max(300_000) }))
  .mutation(({ input }) => explainPolicy(input.yaml));
