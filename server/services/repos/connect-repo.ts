import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { SampleRemote } from '../../domain/ports/sample-remote.ts';
import type { RepoSetup } from '../../domain/setup/repo-setup.ts';
import type { RepoView } from '../../domain/views/repo-views.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import { testCommandOf } from './probe-repo.ts';
import { remoteOf } from './remote-of.ts';
import { repoName, repoRemote } from './repo-remote.ts';
import { repoView } from './repo-view.ts';

type Deps = {
  database: Database;
  orgId: string;
  actor: Actor;
  now: Date;
  codeHost: CodeHost;
  sampleRemote: SampleRemote;
  operator: boolean;
};

type Connect = { source: 'sample' | 'local' | 'git'; remote: string; name: string; testCommand?: string | undefined };

/**
 * Connects a repo: reached, read and given its mirror first, saved only then. Connecting the sample again answers with
 * the one there is. Throws the AppErrors of CodeHost, `no_test_command`, and `conflict` for a name that is taken.
 */
export async function connectRepo(deps: Deps, { source, ...asked }: Connect): Promise<RepoView> {
  const { database, orgId, codeHost, now } = deps;
  if (source === 'sample') {
    const there = await database.org(orgId).repo.findFirst({ where: { orgId, source } });
    if (there !== null) return repoView(there);
  }
  const remote =
    source === 'sample'
      ? await deps.sampleRemote.ensure(orgId)
      : repoRemote({ source, remote: asked.remote }, { operator: deps.operator });
  const byOperator = deps.operator;
  const of = remoteOf({ source, remote, byOperator });
  const found = await codeHost.inspect(of);
  const id = newId('repo');
  const { defaultBranch, files } = found;
  const row = {
    id,
    name: asked.name || repoName(remote),
    source,
    remote,
    defaultBranch,
    testCommand: testCommandOf(found, asked.testCommand),
    setup: found.found.setup,
    files,
    byOperator,
    createdAt: now,
  };
  await codeHost.sync({ mirror: id, ...of, defaultBranch });
  await insertRepo(deps, row);
  return repoView(row);
}

type NewRow = Parameters<typeof repoView>[0] & { byOperator: boolean; setup: RepoSetup };

async function insertRepo({ database, orgId, actor, now }: Deps, row: NewRow): Promise<void> {
  const { id: repoId, name, source, defaultBranch, testCommand } = row;
  try {
    await database.transaction(orgId, async (tx) => {
      await tx.repo.create({ data: { orgId, ...row } });
      const payload = { repoId, name, source, defaultBranch, testCommand };
      await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'repo.connected', payload }] });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', `This org has a repo named ${name} already. Give this one another name.`);
  }
}
