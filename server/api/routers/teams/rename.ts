import { z } from 'zod';
import { renameTeam } from '../../../services/teams/change-team.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';
import { teamName } from '../budgets/add-team.ts';

export const teamsRename = orgProcedure('org:configure')
  .input(z.object({ teamId: z.string(), name: teamName }))
  .mutation(({ ctx, input: { teamId, name } }) => renameTeam(changeDeps(ctx), { teamId, name }));
