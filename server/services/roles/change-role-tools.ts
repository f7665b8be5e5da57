import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { roleBody, type RoleBody, type ToolName } from '../../domain/roles/role-body.ts';
import { endingTool, toolsFor } from '../../domain/tools/role-tools.ts';
import { plain } from '../definitions/plain.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import type { Saved } from '../definitions/saved.ts';
import { readApprovalRule } from '../policy/approval-rule.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/** `version`: the one that the person saw. */
export type RoleToolsChange = { role: string; version: number; tools: ToolName[]; servers: string[] };

/**
 * Says which tools and MCP servers a role has, by a new version of it or by one that waits for approval: runs that begin from now on have them, running ones
 * keep what they began with. Throws `conflict` where somebody changed the role meanwhile, `invalid_input`, `not_found`.
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
    const rule = await readApprovalRule(tx, orgId);
    if (rule !== null)
      return { approvalId: await propose(tx, deps, { roleId, role: change.role, version, body, hash }) };
    const next = version + 1;
    const row = { orgId, id: newId('roleVersion'), roleId, version: next, body, hash, createdAt: now };
    await tx.roleVersion.create({ data: row });
    const { tools, servers } = body;
    const payload = { roleId, role: change.role, version: next, hash, tools, servers };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'role.tools-changed', payload }] });
    return { version: next };
  });
}

type Next = { roleId: string; role: string; version: number; body: RoleBody; hash: string };

async function propose(tx: OrgTx, { orgId, actor, now }: Deps, next: Next): Promise<string> {
  const { roleId, role: name, version: basedOn, body, hash } = next;
  const what = { of: 'role' as const, roleId, name };
  const note = 'Other tools or servers';
  return proposeDefinition(tx, { orgId, actor, now }, { what, basedOn, body: plain(body), hash, note, restored: null });
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
