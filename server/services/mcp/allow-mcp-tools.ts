import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { authorOf, type Actor } from '../../domain/events/actor.ts';
import { loosenedTools } from '../../domain/mcp/loosened-tools.ts';
import { allowedTool, mcpLook, type AllowedTool, type McpRisk, type OfferedTool } from '../../domain/mcp/mcp-server.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { plain } from '../definitions/plain.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import { readWaitsFor } from '../policy/approval-rule.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { putTools, toolsInForce } from './put-tools.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/** `hash`: of the description that the person saw. */
export type ToolChoice = { name: string; hash: string; risk: McpRisk };

/** Allowed from now on, or put before those who have to approve it. */
export type ToolsSaved = { allowed: number } | { approvalId: string };

/**
 * Says which tools of a server roles may have, as they were described to the person, and what each can at most do. The
 * others are allowed no more. Where it allows more and the org's policy wants that approved, all of it waits for it. Throws
 * `conflict` where a description is not the one that was seen, `not_found`.
 */
export async function allowMcpTools(
  { database, orgId, actor, now }: Deps,
  { serverId, tools }: { serverId: string; tools: readonly ToolChoice[] },
): Promise<ToolsSaved> {
  return database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const row = await tx.mcpServer.findUnique({ where: { orgId_id: { orgId, id: serverId } } });
    if (!row) throw new AppError('not_found', 'There is no such MCP server in this org any more.');
    const offered = row.seen === null ? [] : mcpLook.parse(row.seen).tools;
    const { tools: before, place, hash } = toolsInForce(row);
    const chosen = tools.map((choice) => found(choice, [...offered, ...before]));
    const { name } = row;
    const waits = loosenedTools(before, chosen).length > 0 && (await readWaitsFor(tx, orgId, 'tools')) !== null;
    if (waits) {
      const what = { of: 'tools' as const, serverId, name, before: hash };
      const body = { place, tools: chosen, before };
      const draft = {
        what,
        basedOn: 0,
        body: plain(body),
        hash: definitionHash(body),
        note: noteOf(chosen),
        restored: null,
      };
      return { approvalId: await proposeDefinition(tx, { orgId, actor, now }, draft) };
    }
    const events = await putTools(tx, { orgId, now, authorId: authorOf(actor) }, { serverId, name, tools: chosen });
    await appendOrgEvents(tx, { orgId, actor, at: now, events });
    return { allowed: chosen.length };
  });
}

const noteOf = (tools: readonly AllowedTool[]) => `Allow ${tools.map(({ name }) => name).join(', ')}`.slice(0, 300);

function found({ name, hash, risk }: ToolChoice, known: readonly (OfferedTool | AllowedTool)[]): AllowedTool {
  const tool = known.find((each) => each.name === name && each.hash === hash);
  if (!tool) throw new AppError('conflict', `The server describes ${name} otherwise by now. Look at it again.`);
  if ('problem' in tool && tool.problem !== null) {
    throw new AppError('invalid_input', `${name} cannot be allowed. ${tool.problem}`);
  }
  return allowedTool.parse({ ...tool, risk });
}
