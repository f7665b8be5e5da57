import { z } from 'zod';
import { mcpServerName, mcpTransport } from '../../../domain/mcp/mcp-server.ts';
import { saveMcpServer } from '../../../services/mcp/save-mcp-server.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const toolsSaveServer = orgProcedure('org:configure')
  .input(z.object({ serverId: z.string().nullable(), name: mcpServerName, transport: mcpTransport }))
  .mutation(({ ctx, input: { org: _org, ...entry } }) => saveMcpServer(changeDeps(ctx), entry));
