import { z } from 'zod';
import { lookForProposals } from '../../../services/proposals/look-for-proposals.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const proposalsLook = orgProcedure('repos:connect')
  .input(z.object({ repoId: z.string() }))
  .mutation(({ ctx, input: { repoId } }) =>
    lookForProposals({ ...changeDeps(ctx), codeHost: ctx.web.codeHost }, { repoId }),
  );
