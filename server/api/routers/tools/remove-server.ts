import { z } from 'zod';
import { removeMcpServer } from '../../../services/mcp/save-mcp-server.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const toolsRemoveServer = orgProcedure('org:configure')
  .input(z.object({ serverId: z.string() }))
  .mutation(({ ctx, input: { serverId } }) => removeMcpServer(changeDeps(ctx), { serverId }));
