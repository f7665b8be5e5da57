import { z } from 'zod';
import { namedMcpServer } from '../named.ts';

/** What a try of the MCP server came to; `problem` where it did not answer. */
export const mcpServerTried = z.object({ ...namedMcpServer, tools: z.int(), problem: z.string().nullable() });
