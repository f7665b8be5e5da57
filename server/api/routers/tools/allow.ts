import { z } from 'zod';
import { mcpRisks } from '../../../domain/mcp/mcp-server.ts';
import { allowMcpTools } from '../../../services/mcp/allow-mcp-tools.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

const choice = z.object({ name: z.string().max(200), hash: z.string().max(64), risk: z.enum(mcpRisks) });

export const toolsAllow = orgProcedure('org:configure')
  .input(z.object({ serverId: z.string(), tools: z.array(choice).max(128) }))
  .mutation(({ ctx, input: { serverId, tools } }) => allowMcpTools(changeDeps(ctx), { serverId, tools }));
