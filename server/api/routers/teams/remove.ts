import { z } from 'zod';
import { removeTeam } from '../../../services/teams/change-team.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const teamsRemove = orgProcedure('org:configure')
  .input(z.object({ teamId: z.string() }))
  .mutation(({ ctx, input: { teamId } }) => removeTeam(changeDeps(ctx), { teamId }));
