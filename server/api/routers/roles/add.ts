import { z } from 'zod';
import { roleName } from '../../../domain/roles/role-name.ts';
import { addRole } from '../../../services/roles/add-role.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const rolesAdd = orgProcedure('org:configure')
  .input(
    z.object({
      from: z.object({ kind: z.enum(['catalogue', 'role']), name: z.string().max(60) }),
      name: roleName,
    }),
  )
  .mutation(({ ctx, input: { from, name } }) => addRole(changeDeps(ctx), { from, name }));
