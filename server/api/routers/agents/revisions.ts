import { z } from 'zod';
import { listRevisions } from '../../../services/agents/list-revisions.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const agentsRevisions = orgProcedure('org:read')
  .input(z.object({ agentId: z.string() }))
  .query(({ ctx, input: { agentId } }) => listRevisions(viewQuery(ctx), { agentId }));
