import { readStanding } from '../../../services/audit/search-log.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const auditStanding = orgProcedure('audit:verify').query(({ ctx }) => readStanding(viewQuery(ctx)));
