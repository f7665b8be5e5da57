import { mcpServers } from '../../server/adapters/mcp/mcp-servers.ts';
import { newId } from '../../server/db/new-id.ts';
import { sandboxLimits } from '../../server/domain/checks/limits.ts';
import { AppError } from '../../server/domain/errors.ts';
import type { NetworkCredential, Sandbox, SandboxEgress } from '../../server/domain/ports/sandbox.ts';
import { readSetup } from '../../server/domain/setup/repo-setup.ts';
import { setupEnv } from '../../server/domain/setup/tool-places.ts';
import { setUpRepo } from '../../server/services/environment/set-up-repo.ts';
import { readTrial, recordTrial } from '../../server/services/mcp/try-mcp-server.ts';
import { remoteOf } from '../../server/services/repos/remote-of.ts';
import { hostContext } from './host-work.ts';
import { mcpOutlet } from './mcp-outlet.ts';
import type { Worker } from './worker.ts';

type Asked = { orgId: string; serverId: string; repoId: string };
type Trial = NonNullable<Awaited<ReturnType<typeof readTrial>>>;
type Answer = Parameters<typeof recordTrial>[1]['answer'];

/** Asks a server what it offers, as a run of that repo would reach it, and writes that down. Never throws for the server's sake. */
export async function tryMcpServer(worker: Worker, { orgId, serverId, repoId }: Asked): Promise<void> {
  const { database } = worker;
  const trial = await readTrial({ database, orgId }, { serverId, repoId });
  if (!trial) return;
  const answer = await askServer(worker, orgId, trial).catch((error: unknown): Answer => {
    worker.draining.throwIfAborted();
    if (!(error instanceof AppError)) worker.report(error, `trial of MCP server ${serverId}`);
    const problem = error instanceof AppError ? error.message : 'Something went wrong inside Fleet; its log says what.';
    return { tools: [], problem };
  });
  const now = await database.time();
  const { place, askedAt } = trial;
  await recordTrial({ database, orgId, now }, { serverId, place, askedAt, answer });
}

async function askServer(worker: Worker, orgId: string, trial: Trial): Promise<Answer> {
  const { place, repo } = trial;
  const secrets = await hostContext(worker, orgId).secrets(repo.id);
  // Who asked is in the org's log before this; nothing but the server's own address can be reached.
  const egress = egressFor(secrets.forRun());
  const ask = async (sandbox: Sandbox | null): Promise<Answer> => {
    const servers = mcpServers({ sandbox, outlet: (to) => mcpOutlet(worker, egress, to) });
    const answer = await servers.list(place, worker.draining).finally(() => servers.close());
    return 'tools' in answer ? { ...answer, problem: null } : { tools: [], problem: answer.problem };
  };
  return place.transport.kind === 'http' ? ask(null) : inSandbox(worker, { orgId, trial, env: secrets.env }, ask);
}

function egressFor(credentials: NetworkCredential[]): SandboxEgress {
  return { policy: { registries: [], rules: [] }, credentials, record: async () => undefined };
}

type Opening = { orgId: string; trial: Trial; env: Record<string, string> };

/** A set-up checkout of the repo's default branch, without a network, gone afterwards. */
async function inSandbox<T>(
  worker: Worker,
  { orgId, trial: { repo }, env }: Opening,
  work: (sandbox: Sandbox) => Promise<T>,
): Promise<T> {
  const context = hostContext(worker, orgId);
  const { codeHost, workspaces, sandboxes, signal } = context;
  const mirror = repo.id;
  const commit = await codeHost.sync({ mirror, ...remoteOf(repo), defaultBranch: repo.defaultBranch });
  const setup = readSetup(repo.setup);
  const { setUp, step } = await setUpRepo(context, { mirror, commit, setup, signal });
  if (setUp === null) throw new AppError('environment_broken', `The repo could not be set up: ${step.detail}`);
  const id = newId('sandbox');
  const left = (error: unknown) => worker.report(error, `cleaning up after ${id}`);
  const tree = await workspaces.fresh({ id, mirror, commit, setup: async () => setUp.key });
  try {
    const spec = { id, repo: mirror, tree, writable: false, limits: sandboxLimits };
    const sandbox = await sandboxes.open({ ...spec, env: { ...env, ...setupEnv(setup) } });
    try {
      return await work(sandbox);
    } finally {
      await sandbox.dispose().catch(left);
    }
  } finally {
    await workspaces.remove(id).catch(left);
  }
}
