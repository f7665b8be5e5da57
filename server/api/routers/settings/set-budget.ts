import { z } from 'zod';
import { setBudget } from '../../../services/budgets/set-budget.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

/** What cannot be a number at all (a word was typed) arrives as null; the use case says the rest. */
const amount = z.number('Type a number, or nothing for no limit.').nullable();

export const settingsSetBudget = orgProcedure('org:configure')
  .input(
    z.object({
      dimension: z.enum(['org', 'team', 'repo', 'agent', 'task', 'run']),
      subject: z.string(),
      micros: amount,
      tokens: amount,
      seconds: amount,
      maxRuns: z.number('Type a whole number of runs.').optional(),
    }),
  )
  .mutation(({ ctx, input: { dimension, subject, micros, tokens, seconds, maxRuns } }) =>
    setBudget(changeDeps(ctx), { dimension, subject, micros, tokens, seconds, maxRuns }),
  );
