import { z } from 'zod';
import { orgRoles } from '../../../domain/authz/scopes.ts';
import { moveMember } from '../../../services/people/move-member.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const peopleChangeRole = orgProcedure('members:manage')
  .input(z.object({ memberId: z.string(), role: z.enum(orgRoles) }))
  .mutation(({ ctx, input: { memberId, role: to } }) => moveMember(changeDeps(ctx), { memberId, to }));
