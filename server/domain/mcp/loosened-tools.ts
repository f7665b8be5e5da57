import canonicalize from 'canonicalize';
import { mcpRisks, type AllowedTool } from './mcp-server.ts';

const rankOf = ({ risk }: AllowedTool) => mcpRisks.indexOf(risk);

/** What roles get more of a server than they have, in sentences; none where it only closes. */
export function loosenedTools(before: readonly AllowedTool[], after: readonly AllowedTool[]): string[] {
  return after.flatMap((tool) => {
    const had = before.find(({ name }) => name === tool.name);
    if (!had) return [`\`${tool.name}\` is allowed, which ${tool.risk}`];
    if (had.hash !== tool.hash) return [`\`${tool.name}\` is allowed as it is described now`];
    return rankOf(tool) < rankOf(had)
      ? [`\`${tool.name}\` counts as what ${tool.risk}, no longer as what ${had.risk}`]
      : [];
  });
}

/** Of what a tool takes, as text: whoever approves has to find in it what is different. The hash beside it is of the whole. */
const longestSchema = 4_000;

function schemaText(schema: AllowedTool['inputSchema']): string {
  const text = canonicalize(schema) ?? '';
  if (text.length <= longestSchema) return text;
  return `${text.slice(0, longestSchema)} … and ${text.length - longestSchema} characters more`;
}

/** What is allowed of a server as text that two states can be compared by. A server's words stay on their own line. */
export function toolsText({ place, tools }: { place: string; tools: readonly AllowedTool[] }): string {
  const said = tools.map(({ name, risk, description, inputSchema, hash }) =>
    [
      `- tool: ${JSON.stringify(name)}`,
      `  it: ${risk}`,
      `  described: ${JSON.stringify(description)}`,
      `  takes: ${schemaText(inputSchema)}`,
      `  hash: ${hash}`,
    ].join('\n'),
  );
  return `${[`server: ${JSON.stringify(place)}`, ...said].join('\n')}\n`;
}
