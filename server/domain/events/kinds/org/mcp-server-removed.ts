import { z } from 'zod';
import { namedMcpServer } from '../named.ts';

/** No run gets tools of the MCP server any more. */
export const mcpServerRemoved = z.object(namedMcpServer);
