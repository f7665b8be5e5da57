import { z } from 'zod';
import { namedMcpServer } from '../named.ts';

/** An MCP server; with another place what was allowed of it is allowed no more. `secrets` are names. */
export const mcpServerSaved = z.object({
  ...namedMcpServer,
  transport: z.string(),
  place: z.string(),
  secrets: z.array(z.string()),
  replaced: z.boolean(),
});
