import { z } from 'zod';
import { proveDomain } from '../../../services/sso/prove-domain.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const ssoProveDomain = orgProcedure('org:own')
  .input(z.object({ domainId: z.string() }))
  .mutation(({ ctx, input: { domainId } }) =>
    proveDomain({ ...changeDeps(ctx), txtRecords: ctx.web.txtRecords }, { domainId }),
  );
