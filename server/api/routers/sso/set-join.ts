import { z } from 'zod';
import { joinRoles } from '../../../domain/sso/sso-rules.ts';
import { setDomainJoin } from '../../../services/sso/set-domain-join.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const ssoSetJoin = orgProcedure('org:own')
  .input(z.object({ domainId: z.string(), joinAs: z.enum(joinRoles).nullable() }))
  .mutation(({ ctx, input: { domainId, joinAs } }) => setDomainJoin(changeDeps(ctx), { domainId, joinAs }));
