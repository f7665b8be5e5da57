import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newAgent } from '../../domain/agents/agent-settings.ts';
import { AppError } from '../../domain/errors.ts';
import { authorOf, type Actor } from '../../domain/events/actor.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { insertAgent, settingsAt } from './revise-agent.ts';
import { assertPossible } from './save-agent.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };
type Hiring = { role: string; name: string; repoId: string | null };

/**
 * Hires another agent into a role that the org has, for one repo or for all: it begins with what the role's first agent is
 * set to. Of two that serve a repo, the one that is the repo's own does the work. Throws `not_found`, `forbidden` and `conflict`.
 */
export async function hireAgent(deps: Deps, hiring: Hiring): Promise<{ agentId: string }> {
  const { database, orgId } = deps;
  try {
    return await database.transaction(orgId, (tx) => insert(tx, deps, hiring));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', `This org has an agent named ${hiring.name} already.`);
  }
}

async function insert(tx: OrgTx, deps: Deps, { role: roleName, name, repoId }: Hiring): Promise<{ agentId: string }> {
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
  // It is at no version yet: where versions are approved, it begins at none but the newest, however the first one is kept.
  await assertPossible(tx, { orgId, roleId: role.id, settings, keptAt: null });
  const note = first ? `As ${first.name} is` : 'Hired';
  const { agentId } = await insertAgent(
    tx,
    { orgId, authorId: authorOf(actor), now },
    { roleId: role.id, settings, note },
  );
  const payload = { agentId, agent: name, roleId: role.id, role: roleName, repoId };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'agent.hired', payload }] });
  return { agentId };
}
