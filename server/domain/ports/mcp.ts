import type { AllowedTool, McpTransport, OfferedTool } from '../mcp/mcp-server.ts';

/** `refused`: the call was not made, or nobody knows what became of it; `reason` says which, and what to do. */
export type McpAnswer = { kind: 'answered'; isError: boolean; text: string } | { kind: 'refused'; reason: string };

export type McpPlace = { name: string; transport: McpTransport };

/**
 * MCP servers as one sandbox has them: stdio servers run in it, http servers are reached through its proxy. Each is
 * connected to when it is first needed, and anew when it has gone. What comes back is a stranger's text.
 */
export type McpServers = {
  /** What a server offers now. */
  list(place: McpPlace, signal: AbortSignal): Promise<{ tools: OfferedTool[] } | { problem: string }>;
  /** Calls a tool that is still described as `tool` has it. */
  call(
    place: McpPlace,
    call: { tool: AllowedTool; input: Record<string, unknown>; signal: AbortSignal },
  ): Promise<McpAnswer>;
  /** Lets go of all connections: calls in the air fail, and commands end. Never rejects; more than once is fine. */
  close(): Promise<void>;
};
