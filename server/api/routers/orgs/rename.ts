import { z } from 'zod';
import { renameOrg } from '../../../services/orgs/rename-org.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';
import { orgName } from './create.ts';

export const orgsRename = orgProcedure('org:configure')
  .input(z.object({ name: orgName }))
  .mutation(({ ctx, input }) => renameOrg(changeDeps(ctx), input));
