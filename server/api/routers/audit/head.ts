import { readHead } from '../../../services/audit/read-head.ts';
import { headQuery } from '../../head-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const auditHead = orgProcedure('audit:verify').query(({ ctx }) => readHead(headQuery(ctx)));
