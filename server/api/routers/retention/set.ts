import { z } from 'zod';
import { retentionKindNames } from '../../../domain/audit/retention.ts';
import { setRetention } from '../../../services/audit/retention/set-retention.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const retentionSet = orgProcedure('audit:erase')
  .input(z.object({ kind: z.enum(retentionKindNames), days: z.int().min(1).max(36_500).nullable() }))
  .mutation(({ ctx, input: { kind, days } }) =>
    setRetention({ ...changeDeps(ctx), floor: ctx.web.settings.recordDays }, { kind, days }),
  );
