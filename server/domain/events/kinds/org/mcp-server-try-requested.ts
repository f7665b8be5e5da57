import { z } from 'zod';
import { namedMcpServer } from '../named.ts';

/** Somebody had the MCP server started once, in a sandbox, to see what it offers. */
export const mcpServerTryRequested = z.object({ ...namedMcpServer, place: z.string(), repoId: z.string() });
