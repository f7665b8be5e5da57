import { z } from 'zod';
import type { OrgTx } from '../../db/connect.ts';
import type { McpServer } from '../../db/generated/client.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { allowedTool, mcpTransport, placeOf, type AllowedTool } from '../../domain/mcp/mcp-server.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { voidDefinitions } from '../definitions/void-definitions.ts';

/**
 * What waits for approval: where the server is, and all that is allowed of it then. `before`: what was when it was drafted; drafts from
 * before this field have none.
 */
export const toolsDraft = z.object({
  ...{ place: z.string(), tools: z.array(allowedTool) },
  before: z.array(allowedTool).optional(),
});

/** What holds of a server now; `hash` is what a draft was drafted on. */
export function toolsInForce({ tools: stored, transport: kept }: Pick<McpServer, 'tools' | 'transport'>) {
  const tools = z.array(allowedTool).parse(stored);
  const transport = mcpTransport.parse(kept);
  return { tools, place: placeOf(transport), hash: definitionHash({ transport, tools }) };
}

type By = { orgId: string; now: Date; authorId: string | null; approvalId?: string };
type Putting = { serverId: string; name: string; tools: readonly AllowedTool[] };

/** Allows these tools of a server and no others; returns what the caller's transaction, which holds the org's stream, is to tell. */
export async function putTools(tx: OrgTx, by: By, { serverId, name, tools }: Putting): Promise<OrgEvent[]> {
  const { orgId, now, authorId, approvalId } = by;
  await tx.mcpServer.updateMany({
    where: { orgId, id: serverId },
    data: { tools: tools as object[], updatedAt: now },
  });
  const closed = await voidTools(tx, { orgId, now, serverId, name, except: approvalId });
  const named = tools.map(({ name: tool, hash, risk }) => ({ name: tool, hash, risk }));
  const approved = approvalId === undefined ? {} : { approvalId, ...(authorId !== null && { authorId }) };
  const payload = { serverId, name, tools: named, ...approved };
  return [{ kind: 'mcp-server.tools-allowed', payload }, ...closed];
}

type Voiding = { orgId: string; now: Date; serverId: string; name: string; except?: string | undefined };

/** Closes what waits to be allowed of a server that is another by now, or of which something else is allowed. */
export function voidTools(tx: OrgTx, { orgId, now, serverId, name, except }: Voiding): Promise<OrgEvent[]> {
  const what = { of: 'tools' as const, serverId, name, before: '' };
  const reason = 'The server, or what is allowed of it, is another by now. Look at its tools and choose again.';
  return voidDefinitions(tx, { orgId, now, what, reason, except });
}
