import { z } from 'zod';
import { saveFilter } from '../../../services/audit/saved-filters.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const auditSaveFilter = orgProcedure('audit:verify')
  .input(z.object({ name: z.string().trim().min(1).max(60), filter: z.string().trim().min(1).max(1000) }))
  .mutation(({ ctx, input: { name, filter } }) => saveFilter(changeDeps(ctx), { name, filter }));
