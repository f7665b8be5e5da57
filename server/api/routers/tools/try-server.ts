import { z } from 'zod';
import { tryMcpServer } from '../../../services/mcp/try-mcp-server.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const toolsTryServer = orgProcedure('org:configure')
  .input(z.object({ serverId: z.string(), repoId: z.string() }))
  .mutation(({ ctx, input: { serverId, repoId } }) =>
    tryMcpServer({ ...changeDeps(ctx), bus: ctx.web.bus }, { serverId, repoId }),
  );
