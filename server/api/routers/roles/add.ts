import { z } from 'zod';
import { addRole } from '../../../services/roles/add-role.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const rolesAdd = orgProcedure('org:configure')
  .input(
    z.object({
      from: z.object({ kind: z.enum(['catalogue', 'role']), name: z.string().max(60) }),
      name: z
        .string()
        .trim()
        .max(40)
        .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u, 'Name it in lower-case letters, digits and single dashes.'),
    }),
  )
  .mutation(({ ctx, input: { from, name } }) => addRole(changeDeps(ctx), { from, name }));
