import { verifyAudit } from '../../../services/views/verify-audit.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const auditVerify = orgProcedure('audit:verify').mutation(({ ctx }) =>
  verifyAudit({ ...changeDeps(ctx), clock: ctx.web.clock, auditKeys: ctx.web.auditKeys }),
);
