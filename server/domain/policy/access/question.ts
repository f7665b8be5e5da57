import { z } from 'zod';
import { readModelName } from '../../mcp/mcp-server.ts';
import type { ToolName } from '../../roles/role-body.ts';
import type { Action } from '../action.ts';
import type { KnownTools } from '../recorded-action.ts';

export const questionKinds = ['write', 'read', 'command', 'host', 'tool'] as const;
export type QuestionKind = (typeof questionKinds)[number];

/** What a person asks of an agent's rights: one path, command, address or MCP tool. */
export const accessQuestion = z.object({
  kind: z.enum(questionKinds),
  text: z.string().trim().min(1, 'Type what it would do.').max(4_000),
});
export type AccessQuestion = z.infer<typeof accessQuestion>;

/** The tools by which a role does what is asked about; without one of them it is never decided on. */
const doneBy: Record<Exclude<QuestionKind, 'tool'>, readonly ToolName[]> = {
  write: ['create', 'replace', 'insert', 'shell', 'job_start'],
  read: ['view', 'search', 'find', 'shell', 'job_start'],
  command: ['shell', 'job_start'],
  host: ['fetch_url', 'shell', 'job_start'],
};

const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//iu;

/** The name a model is given, from that or from `server/tool`. */
const mcpNameOf = (text: string) => readModelName(text) ?? splitTool(text);

function splitTool(text: string): { server: string; tool: string } | null {
  const at = text.indexOf('/');
  return at > 0 && at < text.length - 1 ? { server: text.slice(0, at), tool: text.slice(at + 1) } : null;
}

/** The question as the action that policy decides on; null for a tool of Fleet's own, which no rule speaks of. */
export function questionAction({ kind, text }: AccessQuestion, known: KnownTools): Action | null {
  if (kind === 'write') return { kind: 'file_write', path: text };
  if (kind === 'read') return { kind: 'file_read', path: text };
  if (kind === 'command') return { kind: 'shell', command: text };
  if (kind === 'host') return { kind: 'fetch', url: hasScheme.test(text) ? text : `https://${text}` };
  const named = mcpNameOf(text);
  if (named === null) return null;
  const effect = known.get(`mcp__${named.server}__${named.tool}`) ?? 'destroys';
  return { kind: 'mcp_call', ...named, effect, changed: false };
}

/** Why an agent of this role cannot even try, or null. */
export function whyNoTool(
  { kind, text }: AccessQuestion,
  { tools, servers }: { tools: readonly ToolName[]; servers: readonly string[] },
): string | null {
  if (kind !== 'tool') {
    if (doneBy[kind].some((tool) => tools.includes(tool))) return null;
    return 'This role has no tool that could do it.';
  }
  const named = mcpNameOf(text);
  if (named === null) return tools.some((tool) => tool === text) ? null : `This role is not given the tool ${text}.`;
  return servers.includes(named.server) ? null : `This role is given no tool of the MCP server ${named.server}.`;
}
