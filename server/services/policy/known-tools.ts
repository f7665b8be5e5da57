import type { OrgDb } from '../../db/connect.ts';
import { allowedTool, modelNameOf } from '../../domain/mcp/mcp-server.ts';
import type { KnownTools } from '../../domain/policy/recorded-action.ts';

/** The tools of MCP servers that people allowed, by the name a model is given, with what each can do at most. */
export async function knownTools(db: OrgDb, orgId: string): Promise<KnownTools> {
  const servers = await db.mcpServer.findMany({ where: { orgId } });
  return new Map(
    servers.flatMap(({ name, tools }) =>
      allowedTool
        .array()
        .parse(tools)
        .map((each) => [modelNameOf(name, each.name), each.risk] as const),
    ),
  );
}
