import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { authorOf, type Actor } from '../../domain/events/actor.ts';
import { changePipeline } from '../../domain/pipeline/definition.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { starterRoles, type StarterRole } from '../../domain/roles/starter-roles.ts';
import { newAgent } from '../../domain/agents/agent-settings.ts';
import { insertAgent } from '../agents/revise-agent.ts';
import { getStarters } from './get-starters.ts';
import { isUniqueViolation } from './is-unique-violation.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };
type Hired = { agents: { name: string; role: string }[] };

/** The org's first policy: the preset's rows above the platform's floor, which no org can loosen. */
const starterPolicy = { preset: 'balanced' };

const hired: Hired = { agents: starterRoles.map(({ name, agent }) => ({ name: agent.name, role: name })) };

/** Gives a new org its roles, agents, policy and pipeline. Hiring again changes nothing. */
export async function hireStarters(deps: Deps): Promise<Hired> {
  const { database, orgId } = deps;
  const before = await getStarters({ db: database.org(orgId), orgId });
  if (before.hired) return hired;
  try {
    await database.transaction(orgId, (tx) => insertStarters(tx, deps));
  } catch (error) {
    // Somebody hired them at the same moment: their transaction made all of it.
    if (!isUniqueViolation(error)) throw error;
  }
  return hired;
}

async function insertStarters(tx: OrgTx, deps: Deps): Promise<void> {
  const { orgId, actor, now } = deps;
  const agents: string[] = [];
  for (const role of starterRoles) agents.push(await insertRole(tx, deps, role));
  const policyVersionId = newId('policyVersion');
  await tx.policyVersion.create({
    data: {
      orgId,
      id: policyVersionId,
      layer: 'org',
      target: orgId,
      version: 1,
      body: starterPolicy,
      hash: definitionHash(starterPolicy),
      createdAt: now,
    },
  });
  const pipelineVersionId = newId('pipelineVersion');
  await tx.pipelineVersion.create({
    data: {
      orgId,
      id: pipelineVersionId,
      name: changePipeline.name,
      version: 1,
      body: changePipeline,
      hash: definitionHash(changePipeline),
      createdAt: now,
    },
  });
  const payload = { agents, policyVersionId, pipelineVersionId };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'starters.hired', payload }] });
}

async function insertRole(tx: OrgTx, deps: Deps, role: StarterRole): Promise<string> {
  const { orgId, actor, now } = deps;
  const roleId = newId('role');
  await tx.role.create({ data: { orgId, id: roleId, name: role.name, createdAt: now } });
  await tx.roleVersion.create({
    data: {
      orgId,
      id: newId('roleVersion'),
      roleId,
      version: 1,
      body: role.body,
      hash: definitionHash(role.body),
      createdAt: now,
    },
  });
  const { agentId } = await insertAgent(
    tx,
    { orgId, authorId: authorOf(actor), now },
    { roleId, settings: newAgent(role.agent), note: 'Hired' },
  );
  return agentId;
}
