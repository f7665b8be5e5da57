import type { ToolDefinition } from '../ports/model.ts';
import { definitionHash } from '../roles/definition-hash.ts';
import { isMcpName, modelNameOf, readModelName, type AllowedTool, type McpTransport } from './mcp-server.ts';

/** A server that a role names, with what people allow of it. */
export type RoleServer = { name: string; transport: McpTransport; tools: AllowedTool[] };

/** A tool of a run: what to call, or why nobody calls it any more. */
export type RunMcpTool = { definition: ToolDefinition } & (
  { kind: 'open'; server: RoleServer; tool: AllowedTool } | { kind: 'closed'; why: string }
);

function definitionOf({ name: server }: RoleServer, { name, description, inputSchema }: AllowedTool): ToolDefinition {
  const whose = `A tool of the MCP server ${server}, in that server's words: `;
  return { name: modelNameOf(server, name), description: `${whose}${description}`, input_schema: inputSchema };
}

/** What a run that begins now is given, in one order. */
export function mcpToolsNow(servers: readonly RoleServer[]): RunMcpTool[] {
  const tools = servers.flatMap((server) =>
    server.tools.map((tool) => ({ kind: 'open' as const, definition: definitionOf(server, tool), server, tool })),
  );
  return tools.toSorted((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
}

/**
 * The tools that a run was given at its start, `fixed`, as they stand now. None is added, for they are part of the prefix of
 * its prompts; one that people have taken back or changed since is closed, and says so when it is called.
 */
export function mcpToolsOf(fixed: readonly ToolDefinition[], servers: readonly RoleServer[]): RunMcpTool[] {
  const now = new Map(mcpToolsNow(servers).map((tool) => [tool.definition.name, tool]));
  return fixed
    .filter(({ name }) => isMcpName(name))
    .map((definition): RunMcpTool => {
      const found = now.get(definition.name);
      if (found === undefined) {
        const server = readModelName(definition.name)?.server ?? '';
        const why = `Since this run began, a person has closed it, or the MCP server ${server}.`;
        return { kind: 'closed', definition, why };
      }
      if (definitionHash(found.definition) === definitionHash(definition)) return { ...found, definition };
      const why =
        'Since this run began, a person has allowed it with another description: what it does now is not what you were told.';
      return { kind: 'closed', definition, why };
    });
}

/** The names of a run's tools that people have closed, or judge otherwise, since they stood as `before`. */
export function closedSince(before: readonly RunMcpTool[], servers: readonly RoleServer[]): Set<string> {
  const fixed = before.map(({ definition }) => definition);
  const now = new Map(mcpToolsOf(fixed, servers).map((tool) => [tool.definition.name, tool]));
  const closed = before.filter((tool) => {
    const since = now.get(tool.definition.name);
    return tool.kind !== 'open' || since?.kind !== 'open' || since.tool.risk !== tool.tool.risk;
  });
  return new Set(closed.map(({ definition }) => definition.name));
}
