import { getRetention } from '../../../services/audit/retention/get-retention.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const retentionGet = orgProcedure('audit:verify').query(({ ctx }) =>
  getRetention(viewQuery(ctx), { floor: ctx.web.settings.recordDays }),
);
