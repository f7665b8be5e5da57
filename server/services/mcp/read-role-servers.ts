import { z } from 'zod';
import type { OrgDb, OrgTx } from '../../db/connect.ts';
import { allowedTool, mcpTransport } from '../../domain/mcp/mcp-server.ts';
import type { RoleServer } from '../../domain/mcp/run-tools.ts';

/** The MCP servers that a role names, as people have them now; one that is gone is left out. */
export async function readRoleServers(
  db: OrgDb | OrgTx,
  { orgId, names }: { orgId: string; names: readonly string[] },
): Promise<RoleServer[]> {
  if (names.length === 0) return [];
  const rows = await db.mcpServer.findMany({ where: { orgId, name: { in: [...names] } }, orderBy: { name: 'asc' } });
  return rows.map(({ name, transport, tools }) => ({
    name,
    transport: mcpTransport.parse(transport),
    tools: z.array(allowedTool).parse(tools),
  }));
}
