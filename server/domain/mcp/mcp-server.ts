import { z } from 'zod';
import { hostPattern } from '../network/network-policy.ts';

/** Part of every name that a model is given: `mcp__<server>__<tool>`. */
export const mcpServerName = z
  .string()
  .trim()
  .regex(/^[a-z](?:[a-z0-9]|-(?!-)){0,23}$/, 'Name it in lower-case letters, digits and dashes, at most 24 of them.');

const httpAddress = z
  .string()
  .trim()
  .max(500)
  .superRefine((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    const say = (message: string) => context.addIssue({ code: 'custom', message });
    if (!url || !['http:', 'https:'].includes(url.protocol)) return say('Type a whole address: https://host/path.');
    if (url.username !== '' || url.password !== '' || url.hash !== '') {
      return say('Leave user name, password and # out of the address: name a secret instead.');
    }
    if (!hostPattern.safeParse(url.hostname).success) say('Name the host; addresses in numbers are never reached.');
  });

/** `stdio`: a command in the sandbox of each run. `http`: an address, reached through the proxy of each run. */
export const mcpTransport = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('stdio'),
    command: z
      .string()
      .trim()
      .min(1, 'Type the command that starts the server.')
      .max(4_000)
      .regex(/^[^\0]*$/, 'A command has no NUL in it.'),
  }),
  z.strictObject({
    kind: z.literal('http'),
    url: httpAddress,
    /** Secrets of the org, by name: the proxy writes the header of each where this address is one of its places. */
    secrets: z.array(z.string().max(60)).max(5, 'At most five secrets.'),
  }),
]);
export type McpTransport = z.infer<typeof mcpTransport>;

/** What a tool can at most do, as a person judged it. */
export const mcpRisks = ['reads', 'writes', 'destroys'] as const;
export type McpRisk = (typeof mcpRisks)[number];

/** A tool as its server describes it, cut to what a model may be given. `hash` is of the whole description as it came. */
const mcpTool = z.object({
  name: z.string(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.unknown()),
  hash: z.string(),
});

/** `risk` is what the server itself says of it, `problem` why no model can be given it. */
export const offeredTool = mcpTool.extend({ risk: z.enum(mcpRisks), problem: z.string().nullable() });
export type OfferedTool = z.infer<typeof offeredTool>;

/** A tool that a person has allowed, as it was described then. */
export const allowedTool = mcpTool.extend({ risk: z.enum(mcpRisks) });
export type AllowedTool = z.infer<typeof allowedTool>;

/** What a server answered when it was last tried. */
export const mcpLook = z.object({
  at: z.string(),
  tools: z.array(offeredTool),
  problem: z.string().nullable(),
});
export type McpLook = z.infer<typeof mcpLook>;

const prefix = 'mcp__';

export function modelNameOf(server: string, tool: string): string {
  return `${prefix}${server}__${tool}`;
}

export function isMcpName(tool: string): boolean {
  return tool.startsWith(prefix);
}

/** Server and tool of such a name; null for any other. A server's name has no two dashes or underscores in a row. */
export function readModelName(name: string): { server: string; tool: string } | null {
  const [, server, tool] = /^mcp__([a-z0-9-]+)__(.+)$/s.exec(name) ?? [];
  return server !== undefined && tool !== undefined ? { server, tool } : null;
}

/** Where a server is, for people: its command or its address. */
export function placeOf(transport: McpTransport): string {
  return transport.kind === 'stdio' ? transport.command : transport.url;
}
