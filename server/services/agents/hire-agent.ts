import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newAgent } from '../../domain/agents/agent-settings.ts';
import { AppError } from '../../domain/errors.ts';
import { authorOf, type Actor } from '../../domain/events/actor.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { plain } from '../definitions/plain.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import { readWaitsFor } from '../policy/approval-rule.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { assertPossible, whyImpossible } from './possible-agent.ts';
import { putNewAgent } from './put-agent.ts';
import { settingsAt } from './revise-agent.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };
/** `approvalId`: of the approval that it waits for. */
type Hired = { agentId: string } | { approvalId: string };
type Hiring = { role: string; name: string; repoId: string | null };

/**
 * Hires another agent into a role that the org has, for one repo or for all: it begins with what the role's first agent is
 * set to. Of two that serve a repo, the one that is the repo's own does the work. Where the org's policy wants that approved, it
 * waits for it. Throws `not_found`, `forbidden` and `conflict`.
 */
export async function hireAgent(deps: Deps, hiring: Hiring): Promise<Hired> {
  const { database, orgId } = deps;
  try {
    return await database.transaction(orgId, (tx) => insert(tx, deps, hiring));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw nameTaken(hiring.name);
  }
}

const nameTaken = (name: string) => new AppError('conflict', `This org has an agent named ${name} already.`);

async function insert(tx: OrgTx, deps: Deps, { role: roleName, name, repoId }: Hiring): Promise<Hired> {
  const { orgId, actor, now } = deps;
  await lockOrgStream(tx, orgId);
  const role = await tx.role.findUnique({
    where: { orgId_name: { orgId, name: roleName } },
    include: { agents: { orderBy: { id: 'asc' }, take: 1 } },
  });
  if (!role) throw new AppError('not_found', 'There is no such role in this org.');
  const [first] = role.agents;
  const like = first && (await settingsAt(tx, { orgId, agentId: first.id, number: first.revision }));
  const settings = { ...(like ?? newAgent({ name, maxRuns: 1, secondsLimit: 36_000 })), name, repoId };
  const note = first ? `As ${first.name} is` : 'Hired';
  if ((await readWaitsFor(tx, orgId, 'agents')) !== null) {
    const impossible = await whyImpossible(tx, { orgId, roleId: role.id, settings });
    if (impossible !== null) throw new AppError('not_found', impossible);
    if ((await tx.agent.count({ where: { orgId, name } })) > 0) throw nameTaken(name);
    const what = { of: 'new-agent' as const, roleId: role.id, role: roleName, name };
    const draft = { what, basedOn: 0, body: plain(settings), hash: definitionHash(settings), note, restored: null };
    return { approvalId: await proposeDefinition(tx, { orgId, actor, now }, draft) };
  }
  // It is at no version yet: where versions are approved, it begins at none but the newest, however the first one is kept.
  await assertPossible(tx, { orgId, roleId: role.id, settings, keptAt: null });
  const by = { orgId, now, authorId: authorOf(actor) };
  const { agentId, events } = await putNewAgent(tx, by, { role, settings, note });
  await appendOrgEvents(tx, { orgId, actor, at: now, events });
  return { agentId };
}
