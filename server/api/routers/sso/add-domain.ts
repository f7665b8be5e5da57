import { z } from 'zod';
import { newSecret } from '../../../auth/new-secret.ts';
import { addDomain } from '../../../services/sso/add-domain.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const ssoAddDomain = orgProcedure('org:own')
  .input(z.object({ domain: z.string().max(300) }))
  .mutation(({ ctx, input }) => addDomain({ ...changeDeps(ctx), proof: newSecret() }, { domain: input.domain }));
