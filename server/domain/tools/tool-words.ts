import type { ToolName } from '../roles/role-body.ts';
import { toolClasses, type ToolClass } from './tool-classes.ts';

/** What tools of one risk can do, in the order in which a person would want to know. */
const riskWords = {
  runs_commands: 'Runs commands',
  writes_files: 'Writes files',
  asks_for_more: 'Asks for more',
  delegates: 'Has a helper look',
  speaks_to_people: 'Speaks to people',
  ends_run: 'Hands over',
  calls_server: 'Calls MCP servers',
  reserves: 'Reserves paths',
  reads_web: 'Fetches from the web',
  reads: 'Reads',
  notes: 'Takes notes',
} as const satisfies Record<ToolClass['risk'], string>;

const scopeWords = {
  sandbox: 'inside its sandbox',
  network: 'from hosts that the rules open',
  paths: 'where role and task allow',
  server: 'what people allow of them',
  own: 'no more rights and budget than its own',
  people: 'people decide',
  conversation: 'its own conversation only',
} as const satisfies Record<ToolClass['scope'], string>;

export type ToolGroup = { does: string; within: string; tools: ToolName[] };

/** A role's tools by what they can at most do and what confines them, the farthest-reaching first. */
export function toolGroups(tools: readonly ToolName[]): ToolGroup[] {
  const risks = Object.keys(riskWords) as ToolClass['risk'][];
  return risks.flatMap((risk) => {
    const named = tools.filter((tool) => toolClasses[tool].risk === risk);
    const scopes = [...new Set(named.map((tool) => toolClasses[tool].scope))];
    return scopes.map((scope) => ({
      does: riskWords[risk],
      within: scopeWords[scope],
      tools: named.filter((tool) => toolClasses[tool].scope === scope),
    }));
  });
}
