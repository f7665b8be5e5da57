import { z } from 'zod';
import { backtestPolicy } from '../../../services/policy/backtest-policy.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

/** Changes nothing: a mutation because a policy is too long for an address. Asked page by page. */
export const policyBacktest = orgProcedure('runs:read')
  .input(
    z.object({
      yaml: z.string().max(300_000),
      days: z.int().min(1).max(365).default(30),
      after: z.string().max(100).nullable().default(null),
      repoId: z.string().nullable().default(null),
    }),
  )
  .mutation(({ ctx, input: { yaml, days, after, repoId } }) =>
    backtestPolicy(viewQuery(ctx), { yaml, days, after, repoId }),
  );
