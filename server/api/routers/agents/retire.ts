import { z } from 'zod';
import { retireAgent } from '../../../services/agents/retire-agent.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const agentsRetire = orgProcedure('org:configure')
  .input(z.object({ agentId: z.string() }))
  .mutation(({ ctx, input: { agentId } }) => retireAgent({ ...changeDeps(ctx), bus: ctx.web.bus }, { agentId }));
