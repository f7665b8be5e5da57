import { z } from 'zod';
import { savePolicy } from '../../../services/policy/save-policy.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const policySave = orgProcedure('org:configure')
  .input(
    z.object({
      yaml: z.string().max(300_000),
      note: z.string().trim().min(1, 'Say in a few words what changes and why.').max(300),
      basedOn: z.int().positive(),
      restored: z.int().positive().nullable().default(null),
    }),
  )
  .mutation(({ ctx, input: { yaml, note, basedOn, restored } }) =>
    savePolicy(changeDeps(ctx), { yaml, note, basedOn, restored }),
  );
