import { z } from 'zod';
import { removeDomain } from '../../../services/sso/remove-domain.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const ssoRemoveDomain = orgProcedure('org:own')
  .input(z.object({ domainId: z.string() }))
  .mutation(({ ctx, input: { domainId } }) => removeDomain(changeDeps(ctx), { domainId }));
