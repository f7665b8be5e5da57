import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { Prisma } from '../../db/generated/client.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { mcpServerName, mcpTransport, placeOf, type McpTransport } from '../../domain/mcp/mcp-server.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { voidTools } from './put-tools.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/** `serverId`: the one to change; it keeps its name, by which roles know it. */
export type McpServerEntry = { serverId: string | null; name: string; transport: McpTransport };

const mostServers = 30;

/**
 * Saves an MCP server. With another command or address it is another server: what was allowed of it is allowed no more.
 * Throws `invalid_input`, `conflict` for a name that is taken, `not_found` for a server or secret that is not there.
 */
export async function saveMcpServer(deps: Deps, asked: McpServerEntry): Promise<{ serverId: string }> {
  const { database, orgId, actor, now } = deps;
  const { name, transport } = read(asked);
  return database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    await mustKnowSecrets(tx, { orgId, transport });
    const serverId = asked.serverId ?? newId('mcpServer');
    const known = await put(tx, { orgId, now, serverId, isNew: asked.serverId === null, name, transport });
    const secrets = transport.kind === 'http' ? transport.secrets : [];
    const place = { transport: transport.kind, place: placeOf(transport), secrets };
    const payload = { serverId, name: known, ...place, replaced: asked.serverId !== null };
    const closed = await voidTools(tx, { orgId, now, serverId, name: known });
    const events: OrgEvent[] = [{ kind: 'mcp-server.saved', payload }, ...closed];
    await appendOrgEvents(tx, { orgId, actor, at: now, events });
    return { serverId };
  });
}

function read({ name, transport }: McpServerEntry): { name: string; transport: McpTransport } {
  const named = mcpServerName.safeParse(name);
  const placed = mcpTransport.safeParse(transport);
  const problem = named.error?.issues[0] ?? placed.error?.issues[0];
  if (problem) throw new AppError('invalid_input', problem.message);
  return { name: named.data!, transport: placed.data! };
}

type Putting = {
  orgId: string;
  now: Date;
  serverId: string;
  isNew: boolean;
  name: string;
  transport: McpTransport;
};

async function put(tx: OrgTx, { orgId, now, serverId, isNew, name, transport }: Putting): Promise<string> {
  const fresh = { transport, tools: [], seen: Prisma.DbNull, askedAt: null, askedRepoId: null, updatedAt: now };
  if (!isNew) {
    const changed = await tx.mcpServer.updateManyAndReturn({ where: { orgId, id: serverId }, data: fresh });
    if (!changed[0]) throw new AppError('not_found', 'There is no such MCP server in this org any more.');
    return changed[0].name;
  }
  const all = await tx.mcpServer.findMany({ where: { orgId }, select: { name: true } });
  if (all.length >= mostServers) throw new AppError('conflict', `An org has at most ${mostServers} MCP servers.`);
  if (all.some((each) => each.name === name)) {
    throw new AppError('conflict', `There is an MCP server ${name} already. Take another name.`);
  }
  await tx.mcpServer.create({ data: { orgId, id: serverId, name, ...fresh } });
  return name;
}

async function mustKnowSecrets(tx: OrgTx, { orgId, transport }: { orgId: string; transport: McpTransport }) {
  if (transport.kind === 'stdio' || transport.secrets.length === 0) return;
  const wanted = [...new Set(transport.secrets)];
  const known = await tx.networkSecret.findMany({ where: { orgId, name: { in: wanted } }, select: { name: true } });
  const missing = wanted.filter((name) => !known.some((each) => each.name === name));
  if (missing.length === 0) return;
  throw new AppError(
    'not_found',
    `There is no secret ${missing.join(', ')}. Save it under Settings, Secrets, for runs.`,
  );
}

/** Forgets a server. Runs that have its tools are told so when they call one. One that is gone already is fine. */
export async function removeMcpServer(
  { database, orgId, actor, now }: Deps,
  { serverId }: { serverId: string },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const row = await tx.mcpServer.findUnique({ where: { orgId_id: { orgId, id: serverId } } });
    if (!row) return;
    await tx.mcpServer.deleteMany({ where: { orgId, id: serverId } });
    const closed = await voidTools(tx, { orgId, now, serverId, name: row.name });
    const events: OrgEvent[] = [{ kind: 'mcp-server.removed', payload: { serverId, name: row.name } }, ...closed];
    await appendOrgEvents(tx, { orgId, actor, at: now, events });
  });
}
