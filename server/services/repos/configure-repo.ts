import { appendOrgEvents } from '../../db/append-event.ts';
import { AppError } from '../../domain/errors.ts';
import { repoSetup, type RepoSetup } from '../../domain/setup/repo-setup.ts';
import type { RepoView } from '../../domain/views/repo-views.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
import { repoView } from './repo-view.ts';

export type RepoCommands = { repoId: string; testCommand: string; setup: RepoSetup };

/**
 * Says anew how a repo is set up and tested, for everything that begins from now on. Throws `not_found`, and
 * `invalid_input` for what is no setting.
 */
export async function configureRepo(
  { database, orgId, actor, now }: Omit<ActorContext, 'bus'>,
  { repoId, testCommand, setup: asked }: RepoCommands,
): Promise<RepoView> {
  const parsed = repoSetup.safeParse(asked);
  if (!parsed.success) throw new AppError('invalid_input', parsed.error.issues[0]?.message ?? 'This cannot be read.');
  if (testCommand.trim() === '') {
    throw new AppError('no_test_command', 'Fleet merges only what was tested: type the command that runs the tests.');
  }
  const setup = parsed.data;
  return database.transaction(orgId, async (tx) => {
    const changed = await tx.repo.updateMany({ where: { orgId, id: repoId }, data: { testCommand, setup } });
    if (changed.count === 0) throw new AppError('not_found', 'There is no such repo in this org.');
    const row = await tx.repo.findUniqueOrThrow({ where: { orgId_id: { orgId, id: repoId } } });
    const services = setup.services.map(({ name }) => name);
    const payload = { ...setup, repoId, name: row.name, testCommand, services };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'repo.configured', payload }] });
    return repoView(row);
  });
}
