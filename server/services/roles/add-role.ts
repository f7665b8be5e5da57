import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgDb, OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { authorOf, type Actor } from '../../domain/events/actor.ts';
import { roleCatalogue } from '../../domain/roles/catalogue.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { roleBody, type RoleBody } from '../../domain/roles/role-body.ts';
import { plain } from '../definitions/plain.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import type { Saved } from '../definitions/saved.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import { readApprovalRule } from '../policy/approval-rule.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { insertRole } from './insert-role.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };
type RoleAdding = { from: { kind: 'catalogue' | 'role'; name: string }; name: string };
/** `approvalId`: of the approval that it waits for, where the org's policy wants one. */
type Added = { role: string; approvalId?: string };
type Found = { body: RoleBody; maxRuns: number; secondsLimit: number };

/**
 * Brings a role into the org, from the catalogue or as a copy of one it has, and hires one agent into it; where the
 * org's policy wants that approved, it waits for it. Throws
 * `not_found` for what is not there to be taken, and `conflict` for a name that is taken.
 */
export async function addRole(deps: Deps, adding: RoleAdding): Promise<Added> {
  const { database, orgId } = deps;
  try {
    return await database.transaction(orgId, (tx) => insert(tx, deps, adding));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw nameTaken(adding.name);
  }
}

const nameTaken = (name: string) => new AppError('conflict', `This org has a role or an agent named ${name} already.`);

async function insert(tx: OrgTx, by: Deps, { from, name }: RoleAdding): Promise<Added> {
  const { orgId } = by;
  await lockOrgStream(tx, orgId);
  const found = from.kind === 'catalogue' ? ofCatalogue(from.name) : await ofOrg(tx, orgId, from.name);
  if (!found) throw new AppError('not_found', `There is no role ${from.name} to take.`);
  const note = from.kind === 'catalogue' ? 'From the catalogue' : `A copy of ${from.name}`;
  const saved = await keepNewRole(tx, by, { ...found, name, from, note });
  return { role: name, ...('approvalId' in saved && saved) };
}

export type NewRole = Found & { name: string; from: RoleAdding['from']; note: string };

/**
 * A role that is not there yet, with one agent: in force at once, or put before those who have to approve it by the org's policy.
 * Inside a transaction that holds the lock of the org's stream. A name that is taken ends it as PostgreSQL says it.
 */
export async function keepNewRole(
  tx: OrgTx,
  { orgId, actor, now }: Omit<Deps, 'database'>,
  role: NewRole,
): Promise<Saved> {
  const { name, from, note, body, maxRuns, secondsLimit } = role;
  const hash = definitionHash(body);
  const what = { of: 'new-role' as const, name, from, maxRuns, secondsLimit };
  if ((await readApprovalRule(tx, orgId)) !== null) {
    const taken = await tx.role.count({ where: { orgId, name } });
    if (taken > 0) throw nameTaken(name);
    const draft = { what, basedOn: 0, body: plain(body), hash, note, restored: null };
    return { approvalId: await proposeDefinition(tx, { orgId, actor, now }, draft) };
  }
  const events = await insertRole(tx, { orgId, now, what, body, hash, authorId: authorOf(actor), note });
  await appendOrgEvents(tx, { orgId, actor, at: now, events });
  return { version: 1 };
}

/** What a new role begins as: a role of the org of that name, or one of the catalogue; null where there is none. */
export async function findBeginning(db: OrgDb | OrgTx, orgId: string, name: string): Promise<Beginning | null> {
  const own = await ofOrg(db, orgId, name);
  if (own) return { ...own, from: { kind: 'role', name } };
  const kept = ofCatalogue(name);
  return kept && { ...kept, from: { kind: 'catalogue', name } };
}
type Beginning = Found & { from: RoleAdding['from'] };

function ofCatalogue(name: string): Found | null {
  const found = roleCatalogue.find((each) => each.name === name);
  return found ? { body: found.body, ...found.agent } : null;
}

async function ofOrg(tx: OrgDb | OrgTx, orgId: string, name: string): Promise<Found | null> {
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
