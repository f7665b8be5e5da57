import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { roleCatalogue } from '../../domain/roles/catalogue.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { roleBody, type RoleBody } from '../../domain/roles/role-body.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };
type RoleAdding = { from: { kind: 'catalogue' | 'role'; name: string }; name: string };
type Found = { body: RoleBody; maxRuns: number; secondsLimit: number };

/**
 * Brings a role into the org, from the catalogue or as a copy of one it has, and hires one agent into it. Throws
 * `not_found` for what is not there to be taken, and `conflict` for a name that is taken.
 */
export async function addRole(deps: Deps, adding: RoleAdding): Promise<{ role: string }> {
  const { database, orgId } = deps;
  try {
    await database.transaction(orgId, (tx) => insert(tx, deps, adding));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', `This org has a role or an agent named ${adding.name} already.`);
  }
  return { role: adding.name };
}

async function insert(tx: OrgTx, { orgId, actor, now }: Deps, { from, name }: RoleAdding): Promise<void> {
  await lockOrgStream(tx, orgId);
  const found = from.kind === 'catalogue' ? ofCatalogue(from.name) : await ofOrg(tx, orgId, from.name);
  if (!found) throw new AppError('not_found', `There is no role ${from.name} to take.`);
  const { body, maxRuns, secondsLimit } = found;
  const roleId = newId('role');
  const hash = definitionHash(body);
  const authorId = actor.type === 'user' ? actor.userId : null;
  const note = from.kind === 'catalogue' ? 'From the catalogue' : `A copy of ${from.name}`;
  await tx.role.create({ data: { orgId, id: roleId, name, createdAt: now } });
  const version = { orgId, id: newId('roleVersion'), roleId, version: 1, body, hash, authorId, note, createdAt: now };
  await tx.roleVersion.create({ data: version });
  const agentId = newId('agent');
  const agent = `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;
  await tx.agent.create({ data: { orgId, id: agentId, name: agent, roleId, maxRuns, secondsLimit, createdAt: now } });
  const payload = { roleId, role: name, from, hash, agentId, agent };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'role.added', payload }] });
}

function ofCatalogue(name: string): Found | null {
  const found = roleCatalogue.find((each) => each.name === name);
  return found ? { body: found.body, ...found.agent } : null;
}

async function ofOrg(tx: OrgTx, orgId: string, name: string): Promise<Found | null> {
  const role = await tx.role.findUnique({
    where: { orgId_name: { orgId, name } },
    include: {
      versions: { orderBy: { version: 'desc' }, take: 1 },
      agents: { orderBy: { id: 'asc' }, take: 1 },
    },
  });
  const [version] = role?.versions ?? [];
  if (!version) return null;
  const { maxRuns = 1, secondsLimit = 36_000 } = role?.agents[0] ?? {};
  return { body: roleBody.parse(version.body), maxRuns, secondsLimit };
}
