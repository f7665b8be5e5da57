import { z } from 'zod';
import { roleEdit } from '../../../domain/roles/role-edit.ts';
import { saveRole } from '../../../services/roles/save-role.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const rolesSave = orgProcedure('org:configure')
  .input(
    z.object({
      role: z.string().max(60),
      basedOn: z.int().positive(),
      note: z.string().trim().min(1, 'Say in a few words what changes and why.').max(300),
      edit: roleEdit.nullable().default(null),
      restored: z.int().positive().nullable().default(null),
    }),
  )
  .mutation(({ ctx, input: { role, basedOn, note, edit, restored } }) =>
    saveRole(changeDeps(ctx), { role, basedOn, note, edit, restored }),
  );
