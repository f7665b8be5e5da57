import { decideCall } from '../../server/agent/intents.ts';
import type { Toolbox } from '../../server/agent/ports.ts';
import { bindFileTools } from '../../server/agent/tools/toolbox.ts';
import { newId } from '../../server/db/new-id.ts';
import { sandboxLimits } from '../../server/domain/checks/limits.ts';
import { AppError } from '../../server/domain/errors.ts';
import { decide, type PolicyContext } from '../../server/domain/policy/decide.ts';
import { fileToRead, fileToRefuse, type SmokeTry } from '../../server/domain/policy/smoke/smoke-test.ts';
import type { Sandbox } from '../../server/domain/ports/sandbox.ts';
import { openSide, readPlace } from '../../server/services/policy/access/open-side.ts';
import { readSmoke, recordSmoke, type SmokeRow } from '../../server/services/policy/smoke/record-smoke.ts';
import { remoteOf } from '../../server/services/repos/remote-of.ts';
import { hostContext } from './host-work.ts';
import type { Worker } from './worker.ts';

type Found = Parameters<typeof recordSmoke>[2];

/**
 * Has an agent's one allowed read and one denied write decided by what decides on its runs' calls and done by their tools,
 * in a throw-away tree of the default branch, and writes both down. Never throws for the repo's sake.
 */
export async function smokePolicy(
  worker: Worker,
  { orgId, smokeId }: { orgId: string; smokeId: string },
): Promise<void> {
  const { database } = worker;
  const row = await readSmoke({ database, orgId }, { smokeId });
  if (!row) return;
  const found = await tryIt(worker, orgId, row).catch((error: unknown): Found => {
    worker.draining.throwIfAborted();
    if (!(error instanceof AppError)) worker.report(error, `smoke test ${smokeId}`);
    const problem = error instanceof AppError ? error.message : 'Something went wrong inside Fleet; its log says what.';
    return { problem };
  });
  await recordSmoke({ database, orgId, now: await database.time() }, row, found);
}

async function tryIt(worker: Worker, orgId: string, { repo, agent, path, smokeId }: SmokeRow): Promise<Found> {
  const { database, clock } = worker;
  const began = clock.elapsed();
  const { codeHost } = hostContext(worker, orgId);
  const query = { db: database.org(orgId), orgId, now: clock.now() };
  const place = await readPlace(query, { repoId: repo.id, taskId: null });
  const side = await openSide(query, place, { role: agent.role, roleVersion: agent.roleVersion, policyVersion: null });
  const commit = await codeHost.sync({ mirror: repo.id, ...remoteOf(repo), defaultBranch: repo.defaultBranch });
  const files = await codeHost.listFiles({ mirror: repo.id, commit });
  const paths = files.map((file) => Buffer.from(file, 'latin1').toString('utf8'));
  const read = fileToRead(side.context, paths);
  if (read === null) return { problem: `There is no file in ${repo.name} that ${agent.name} may read.` };
  const content = `A smoke test of the policy wrote this (${smokeId}).\n`;
  const write = path ?? fileToRefuse(side.context, { name: smokeId.replace('_', '-'), content });
  if (files.includes(write)) return { problem: `${write} is a file of ${repo.name} already. Name one that is not.` };
  const tries = await inSandbox(worker, { orgId, repo, commit }, async (sandbox) => {
    const call = calls({ sandbox, tools: bindFileTools({ sandbox }), signal: worker.draining });
    return [
      await call(side.context, { what: 'read', tool: 'view', path: read, input: { path: read } }),
      await call(side.context, { what: 'write', tool: 'create', path: write, input: { path: write, content } }),
    ];
  });
  const { roleVersion, policyVersion } = side;
  return { roleVersion, policyVersion, commit, millis: Math.round(clock.elapsed() - began), tries };
}

type Call = Pick<SmokeTry, 'what' | 'tool' | 'path'> & { input: object };
type At = { sandbox: Sandbox; tools: Toolbox; signal: AbortSignal };

/** One call as a run makes it: prepared, decided, done only where it is allowed; and whether the file is there afterwards. */
function calls({ sandbox, tools, signal }: At) {
  return async (context: PolicyContext, { input, ...call }: Call): Promise<Omit<SmokeTry, 'entry'>> => {
    const rules = { decide: (action: Parameters<typeof decide>[1]) => decide(context, action) };
    const { prepared, verdict } = decideCall({ tools, rules }, call.tool, input);
    const may = prepared !== null && verdict.verdict === 'allow';
    const result = may ? await prepared.run({ callId: `smoke-${call.what}`, signal, outputs: [] }) : null;
    const after = await sandbox.read(call.path, { maxBytes: 0, signal });
    return { ...call, verdict, done: result?.outcome === 'ok', there: after.kind === 'file' };
  };
}

type Opening = { orgId: string; repo: SmokeRow['repo']; commit: string };

/** A checkout that may be written in, without a network and without set-up, gone afterwards. */
async function inSandbox<T>(
  worker: Worker,
  { orgId, repo: { id: mirror }, commit }: Opening,
  work: (sandbox: Sandbox) => Promise<T>,
): Promise<T> {
  const { workspaces, sandboxes } = hostContext(worker, orgId);
  const id = newId('sandbox');
  const left = (error: unknown) => worker.report(error, `cleaning up after ${id}`);
  const tree = await workspaces.fresh({ id, mirror, commit });
  try {
    const sandbox = await sandboxes.open({ id, repo: mirror, tree, writable: true, limits: sandboxLimits });
    try {
      return await work(sandbox);
    } finally {
      await sandbox.dispose().catch(left);
    }
  } finally {
    await workspaces.remove(id).catch(left);
  }
}
