import { z } from 'zod';
import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { allowedTool, mcpLook, type AllowedTool, type McpRisk, type OfferedTool } from '../../domain/mcp/mcp-server.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/** `hash`: of the description that the person saw. */
export type ToolChoice = { name: string; hash: string; risk: McpRisk };

/**
 * Says which tools of a server roles may have, as they were described to the person, and what each can at most do. The
 * others are allowed no more. Throws `conflict` where a description is not the one that was seen, `not_found`.
 */
export async function allowMcpTools(
  { database, orgId, actor, now }: Deps,
  { serverId, tools }: { serverId: string; tools: readonly ToolChoice[] },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const row = await tx.mcpServer.findUnique({ where: { orgId_id: { orgId, id: serverId } } });
    if (!row) throw new AppError('not_found', 'There is no such MCP server in this org any more.');
    const offered = row.seen === null ? [] : mcpLook.parse(row.seen).tools;
    const before = z.array(allowedTool).parse(row.tools);
    const chosen = tools.map((choice) => found(choice, [...offered, ...before]));
    await tx.mcpServer.updateMany({
      where: { orgId, id: serverId },
      data: { tools: chosen as object[], updatedAt: now },
    });
    const named = chosen.map(({ name, hash, risk }) => ({ name, hash, risk }));
    const payload = { serverId, name: row.name, tools: named };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'mcp-server.tools-allowed', payload }] });
  });
}

function found({ name, hash, risk }: ToolChoice, known: readonly (OfferedTool | AllowedTool)[]): AllowedTool {
  const tool = known.find((each) => each.name === name && each.hash === hash);
  if (!tool) throw new AppError('conflict', `The server describes ${name} otherwise by now. Look at it again.`);
  if ('problem' in tool && tool.problem !== null) {
    throw new AppError('invalid_input', `${name} cannot be allowed. ${tool.problem}`);
  }
  return allowedTool.parse({ ...tool, risk });
}
