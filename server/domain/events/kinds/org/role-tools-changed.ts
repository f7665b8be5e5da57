import { z } from 'zod';

/** A new version of a role with other tools or MCP servers. */
export const roleToolsChanged = z.object({
  roleId: z.string(),
  role: z.string(),
  version: z.int(),
  hash: z.string(),
  tools: z.array(z.string()),
  servers: z.array(z.string()),
});
