import { z } from 'zod';
import { reinstateAgent } from '../../../services/agents/retire-agent.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const agentsReinstate = orgProcedure('org:configure')
  .input(z.object({ agentId: z.string() }))
  .mutation(({ ctx, input: { agentId } }) => reinstateAgent(changeDeps(ctx), { agentId }));
