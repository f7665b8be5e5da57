import type { McpRisk, McpTransport } from '../mcp/mcp-server.ts';
import type { RoleBody, ToolName } from '../roles/role-body.ts';

/** A tool of an MCP server, as it is offered, allowed, or both. */
export type McpToolView = {
  name: string;
  description: string;
  /** Of what is offered now; what is allowed is shown where the server was not asked since. */
  hash: string;
  risk: McpRisk;
  /** `changed`: allowed, and described otherwise now. `gone`: allowed, and not offered any more. */
  state: 'allowed' | 'offered' | 'changed' | 'gone' | 'unfit';
  problem: string | null;
};

/** Times are ISO 8601 UTC. */
export type McpServerView = {
  id: string;
  name: string;
  transport: McpTransport;
  tools: McpToolView[];
  /** When it last answered, and what was wrong then. */
  seenAt: string | null;
  problem: string | null;
  /** Being asked since then. */
  askedAt: string | null;
  /** Titles of the roles that name it. */
  roles: string[];
};

/** A role with the tools that it has and those that it could have. */
export type RoleToolsView = {
  name: string;
  title: string;
  version: number;
  contract: RoleBody['contract'];
  tools: ToolName[];
  /** Tools of the platform that the role does not have. */
  off: ToolName[];
  servers: string[];
};

export type ToolSettingsView = {
  servers: McpServerView[];
  roles: RoleToolsView[];
  /** Who else approves what is allowed of a server, in words; null: nobody has to. */
  waitsFor: string | null;
};
