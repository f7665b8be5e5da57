import { z } from 'zod';
import { moveMember } from '../../../services/people/move-member.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

/** Everybody may leave; whom else a role may remove is the member rules'. */
export const peopleRemove = orgProcedure('org:read')
  .input(z.object({ memberId: z.string() }))
  .mutation(({ ctx, input: { memberId } }) => moveMember(changeDeps(ctx), { memberId, to: null }));
