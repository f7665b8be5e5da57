import { z } from 'zod';
import { approvedVersion, namedMcpServer } from '../named.ts';

/** All that is allowed of it from now on, each as it was described by `hash`. */
export const mcpServerToolsAllowed = z.object({
  ...namedMcpServer,
  tools: z.array(z.object({ name: z.string(), hash: z.string(), risk: z.string() })),
  ...approvedVersion,
});
