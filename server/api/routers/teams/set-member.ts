import { z } from 'zod';
import { setTeamMember } from '../../../services/teams/change-team.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const teamsSetMember = orgProcedure('org:configure')
  .input(z.object({ teamId: z.string(), memberId: z.string(), isIn: z.boolean() }))
  .mutation(({ ctx, input: { teamId, memberId, isIn } }) => setTeamMember(changeDeps(ctx), { teamId, memberId, isIn }));
