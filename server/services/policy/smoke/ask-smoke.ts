import { appendOrgEvents } from '../../../db/append-event.ts';
import { newId } from '../../../db/new-id.ts';
import { AppError } from '../../../domain/errors.ts';
import { sendAfterCommit } from '../../pipeline/send-after-commit.ts';
import type { ActorContext } from '../../pipeline/work-context.ts';

/** `path`: what is written, where a person names it; null: something that the policy refuses. */
type Asked = { repoId: string; agentId: string; path: string | null };

/**
 * Asks a worker to have one allowed read and one denied write decided and, where allowed, done as an agent's calls are.
 * Throws `not_found`, and `invalid_input` for an agent that does not work in the repo.
 */
export async function askSmoke(
  { database, orgId, actor, now, bus }: ActorContext,
  { repoId, agentId, path }: Asked,
): Promise<{ smokeId: string }> {
  const smokeId = newId('smokeTest');
  await database.transaction(orgId, async (tx) => {
    const repo = await tx.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
    if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
    const agent = await tx.agent.findUnique({ where: { orgId_id: { orgId, id: agentId } } });
    if (!agent) throw new AppError('not_found', 'There is no such agent in this org.');
    if (agent.repoId !== null && agent.repoId !== repoId) {
      throw new AppError('invalid_input', `${agent.name} does not work in ${repo.name}. Choose another repo or agent.`);
    }
    await tx.smokeTest.create({ data: { orgId, id: smokeId, repoId, agentId, path, askedAt: now } });
    const payload = { smokeId, repoId, repo: repo.name, agentId, agent: agent.name };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'policy.smoke-asked', payload }] });
  });
  await sendAfterCommit(bus, [{ name: 'policy/smoke-asked', data: { orgId, smokeId } }]);
  return { smokeId };
}
