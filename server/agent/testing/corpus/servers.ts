import { modelNameOf } from '../../../domain/mcp/mcp-server.ts';
import { mcpToolsNow, type RoleServer } from '../../../domain/mcp/run-tools.ts';
import type { McpServers } from '../../../domain/ports/mcp.ts';
import type { MemorySandbox } from '../memory-sandbox.ts';

const schema = { type: 'object' };
const mcpTools = (['reads', 'writes'] as const).map((risk) => ({
  ...{ name: `${risk}_issue`, description: `It ${risk}.`, inputSchema: schema, hash: risk, risk },
}));
const tracker: RoleServer = { name: 'tracker', transport: { kind: 'stdio', command: 'tracker' }, tools: mcpTools };

/** The tools of an MCP server that a run of the corpus has. */
export const corpusMcp = mcpToolsNow([tracker]);
export const [corpusReads, corpusWrites] = mcpTools.map(({ name }) => modelNameOf(tracker.name, name)) as [
  string,
  string,
];

/** What it writes is noted with the commands; of issues that end in a five it knows nothing. */
export function corpusServers(sandbox: MemorySandbox): McpServers {
  return {
    list: async () => ({ problem: 'Nobody asks.' }),
    async call(_place, { tool: { name, risk }, input: { issue } }) {
      if (risk !== 'reads') sandbox.started.push(`${modelNameOf(tracker.name, name)} ${String(issue)}`);
      if (String(issue).endsWith('5')) return { kind: 'refused', reason: 'There is no such issue.' };
      return { kind: 'answered', isError: false, text: `Issue ${String(issue)} is fine.` };
    },
    close: async () => undefined,
  };
}
