import { z } from 'zod';
import { addTeam } from '../../../services/budgets/add-team.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const teamName = z
  .string()
  .trim()
  .min(1, 'Give the team a name.')
  .max(80, 'A name of at most 80 characters.')
  .regex(/^[^\p{Cc}]*$/u, 'One line without control characters.');

export const budgetsAddTeam = orgProcedure('org:configure')
  .input(z.object({ name: teamName }))
  .mutation(({ ctx, input: { name } }) => addTeam(changeDeps(ctx), { name }));
