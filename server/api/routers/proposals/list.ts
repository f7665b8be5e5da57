import { z } from 'zod';
import { listProposals } from '../../../services/proposals/list-proposals.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const proposalsList = orgProcedure('org:read')
  .input(z.object({ repoId: z.string().nullable().default(null) }))
  .query(({ ctx, input: { repoId } }) => listProposals(viewQuery(ctx), { repoId }));
