import type { Database, OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { roleBody, type RoleBody, type ToolName } from '../../domain/roles/role-body.ts';
import { endingTool, toolsFor } from '../../domain/tools/role-tools.ts';
import type { Saved } from '../definitions/saved.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { keepRole } from './keep-role.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/** `version`: the one that the person saw. */
export type RoleToolsChange = { role: string; version: number; tools: ToolName[]; servers: string[] };

/**
 * Says which tools and MCP servers a role has, by a new version of it or by one that waits for approval: runs that begin from now on have them, running ones
 * lose what it loses and get nothing new. Throws `conflict` where somebody changed the role meanwhile, `invalid_input`, `not_found`.
 */
export async function changeRoleTools(deps: Deps, change: RoleToolsChange): Promise<Saved> {
  const { database, orgId, actor, now } = deps;
  return database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const { roleId, body: before, version } = await newest(tx, orgId, change.role);
    if (version !== change.version) {
      throw new AppError('conflict', 'Somebody else has changed this role meanwhile. Look at it again.');
    }
    const body = await changed(tx, orgId, { before, change });
    const hash = definitionHash(body);
    if (hash === definitionHash(before)) return { version };
    const note = noteOf(before, body);
    const next = { roleId, role: change.role, basedOn: version, body, hash, note, restored: null };
    return keepRole(tx, { orgId, actor, now }, { ...next, told: 'role.tools-changed' });
  });
}

/** Which tools and servers come and go, as the version's note. */
function noteOf(before: RoleBody, after: RoleBody): string {
  const said = (of: string, had: readonly string[], has: readonly string[]) => {
    const names = [
      ...has.filter((name) => !had.includes(name)).map((name) => `${name} added`),
      ...had.filter((name) => !has.includes(name)).map((name) => `${name} taken away`),
    ];
    return names.length === 0 ? [] : [`${of}: ${names.join(', ')}`];
  };
  const servers = said('MCP servers', before.servers, after.servers);
  return (
    [...said('Tools', before.tools, after.tools), ...servers].join('. ').slice(0, 300) || 'The same in another order'
  );
}

async function newest(tx: OrgTx, orgId: string, name: string) {
  const found = await tx.roleVersion.findFirst({
    where: { orgId, role: { name } },
    orderBy: { version: 'desc' },
  });
  if (!found) throw new AppError('not_found', 'There is no such role in this org.');
  return { roleId: found.roleId, version: found.version, body: roleBody.parse(found.body) };
}

type Changing = { before: RoleBody; change: RoleToolsChange };

/** The tools that it had keep their order, for that is the order of its prompts; new ones come behind them. */
async function changed(tx: OrgTx, orgId: string, { before, change }: Changing): Promise<RoleBody> {
  const ends = endingTool(before.contract);
  const possible = toolsFor(before.contract);
  const unfit = change.tools.find((tool) => !possible.includes(tool));
  if (unfit) throw new AppError('invalid_input', `A role of this kind cannot have the tool ${unfit}.`);
  if (!change.tools.includes(ends)) throw new AppError('invalid_input', `Without ${ends} no run of this role can end.`);
  const servers = [...new Set(change.servers)].toSorted();
  const known = await tx.mcpServer.count({ where: { orgId, name: { in: servers } } });
  if (known < servers.length) throw new AppError('not_found', 'One of these MCP servers is not there any more.');
  const kept = before.tools.filter((tool) => change.tools.includes(tool));
  const added = possible.filter((tool) => change.tools.includes(tool) && !kept.includes(tool));
  return { ...before, tools: [...kept, ...added], servers };
}
