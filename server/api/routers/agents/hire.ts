import { z } from 'zod';
import { agentName } from '../../../domain/agents/agent-settings.ts';
import { hireAgent } from '../../../services/agents/hire-agent.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const agentsHire = orgProcedure('org:configure')
  .input(z.object({ role: z.string().max(60), name: agentName, repoId: z.string().nullable().default(null) }))
  .mutation(({ ctx, input: { role, name, repoId } }) => hireAgent(changeDeps(ctx), { role, name, repoId }));
