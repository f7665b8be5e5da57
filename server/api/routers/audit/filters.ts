import { listSavedFilters } from '../../../services/audit/saved-filters.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const auditFilters = orgProcedure('audit:verify').query(({ ctx }) => listSavedFilters(viewQuery(ctx)));
