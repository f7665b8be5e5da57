import { z } from 'zod';
import { agentSettings } from '../../../domain/agents/agent-settings.ts';
import { saveAgent } from '../../../services/agents/save-agent.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const agentsSave = orgProcedure('org:configure')
  .input(
    z.object({
      agentId: z.string(),
      basedOn: z.int().positive(),
      note: z.string().trim().min(1, 'Say in a few words what changes and why.').max(300),
      settings: agentSettings.nullable().default(null),
      restored: z.int().positive().nullable().default(null),
    }),
  )
  .mutation(({ ctx, input: { agentId, basedOn, note, settings, restored } }) =>
    saveAgent(changeDeps(ctx), { agentId, basedOn, note, settings, restored }),
  );
