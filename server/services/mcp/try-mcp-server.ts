import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { mcpLook, mcpTransport, placeOf, type McpLook } from '../../domain/mcp/mcp-server.ts';
import type { McpPlace } from '../../domain/ports/mcp.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import { platform, type ActorContext, type WorkContext } from '../pipeline/work-context.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

/**
 * Asks a worker to try a server: what it offers is written to its row. `repoId`: where a command is run, on the repo's
 * default branch, and whose secrets are used. Throws `not_found`.
 */
export async function tryMcpServer(
  { database, orgId, actor, now, bus }: ActorContext & { actor: Actor },
  { serverId, repoId }: { serverId: string; repoId: string },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    // As whoever saves or allows takes them: the org's stream, then the server's row.
    await lockOrgStream(tx, orgId);
    const repo = await tx.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
    if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
    const data = { askedAt: now, askedRepoId: repoId };
    const [row] = await tx.mcpServer.updateManyAndReturn({ where: { orgId, id: serverId }, data });
    if (!row) throw new AppError('not_found', 'There is no such MCP server in this org any more.');
    const place = placeOf(mcpTransport.parse(row.transport));
    const payload = { serverId, name: row.name, place, repoId };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'mcp-server.try-requested', payload }] });
  });
  await sendAfterCommit(bus, [{ name: 'mcp-server/try-requested', data: { orgId, serverId, repoId } }]);
}

/** What a worker needs to try a server; null where it has been tried, or server or repo is gone meanwhile. */
export async function readTrial(
  { database, orgId }: { database: Database; orgId: string },
  { serverId, repoId }: { serverId: string; repoId: string },
) {
  const db = database.org(orgId);
  const row = await db.mcpServer.findUnique({ where: { orgId_id: { orgId, id: serverId } } });
  const repo = await db.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
  if (!row || row.askedAt === null || !repo) return null;
  return { place: { name: row.name, transport: mcpTransport.parse(row.transport) }, repo, askedAt: row.askedAt };
}

type Tried = {
  serverId: string;
  place: McpPlace;
  /** When that was asked for: whoever has asked again since is still to be answered. */
  askedAt: Date | null;
  answer: Pick<McpLook, 'tools' | 'problem'>;
};

/** Writes down what a server answered, unless it is another server by now. */
export async function recordTrial(
  { database, orgId, now }: Omit<WorkContext, 'bus'>,
  { serverId, place, askedAt, answer }: Tried,
): Promise<void> {
  const seen = mcpLook.parse({ ...answer, at: now.toISOString() });
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const row = await tx.mcpServer.findUnique({ where: { orgId_id: { orgId, id: serverId } } });
    if (!row || JSON.stringify(mcpTransport.parse(row.transport)) !== JSON.stringify(place.transport)) return;
    await tx.mcpServer.updateMany({ where: { orgId, id: serverId }, data: { seen: seen as object } });
    const data = { askedAt: null, askedRepoId: null };
    await tx.mcpServer.updateMany({ where: { orgId, id: serverId, askedAt }, data });
    const payload = { serverId, name: place.name, tools: seen.tools.length, problem: seen.problem };
    await appendOrgEvents(tx, { orgId, actor: platform, at: now, events: [{ kind: 'mcp-server.tried', payload }] });
  });
}
