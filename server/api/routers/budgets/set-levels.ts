import { z } from 'zod';
import { setLevels } from '../../../services/budgets/set-levels.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const budgetsSetLevels = orgProcedure('org:configure')
  .input(z.object({ levels: z.array(z.number('Type percentages, such as 50, 80, 100.')) }))
  .mutation(({ ctx, input: { levels } }) => setLevels(changeDeps(ctx), { levels }));
