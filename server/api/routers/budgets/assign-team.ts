import { z } from 'zod';
import { assignTeam } from '../../../services/budgets/assign-team.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const budgetsAssignTeam = orgProcedure('org:configure')
  .input(z.object({ dimension: z.enum(['repo', 'agent']), subject: z.string(), teamId: z.string().nullable() }))
  .mutation(({ ctx, input: { dimension, subject, teamId } }) =>
    assignTeam(changeDeps(ctx), { dimension, subject, teamId }),
  );
