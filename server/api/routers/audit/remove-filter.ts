import { z } from 'zod';
import { removeFilter } from '../../../services/audit/saved-filters.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const auditRemoveFilter = orgProcedure('audit:verify')
  .input(z.object({ savedFilterId: z.string().max(64) }))
  .mutation(({ ctx, input: { savedFilterId } }) => removeFilter(changeDeps(ctx), { savedFilterId }));
