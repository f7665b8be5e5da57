import { z } from 'zod';
import { toolNames } from '../../../domain/roles/role-body.ts';
import { changeRoleTools } from '../../../services/roles/change-role-tools.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const toolsChangeRole = orgProcedure('org:configure')
  .input(
    z.object({
      role: z.string().max(100),
      version: z.int(),
      tools: z.array(z.enum(toolNames)).max(100),
      servers: z.array(z.string().max(40)).max(30),
    }),
  )
  .mutation(({ ctx, input: { org: _org, ...change } }) => changeRoleTools(changeDeps(ctx), change));
