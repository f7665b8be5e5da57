import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../server/adapters/clock/system-clock.ts';
import { gitCodeHost } from '../../server/adapters/code-host/git.ts';
import { lifeOf } from '../../server/adapters/sandbox/life.ts';
import { sampleRemote } from '../../server/adapters/sample-remote/sample-remote.ts';
import { localSandbox } from '../../server/adapters/sandbox/local.ts';
import { localWorkspaces } from '../../server/adapters/workspaces/local.ts';
import { newId } from '../../server/db/new-id.ts';
import { breakPipelineRun } from '../../server/services/pipeline/break-pipeline-run.ts';
import { testDatabase, type TestDatabase } from '../../server/testing/database.ts';
import { makeRunWithAll } from '../../server/testing/factories.ts';
import { purgeOrgs } from '../../server/services/orgs/purge-orgs.ts';
import { requestDeletion } from '../../server/services/orgs/request-deletion.ts';
import { deleting, passGrace } from '../../server/services/orgs/testing/deleting.ts';
import { clearUp } from './clear-up.ts';
import { removeLivedIn } from '../../server/testing/remove-lived-in.ts';

const made: string[] = [];
afterAll(() => Promise.all(made.map((dir) => removeLivedIn(dir))));
let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

async function host() {
  const dataDir = await mkdtemp(join(tmpdir(), 'fleet-clear-up-'));
  made.push(dataDir);
  const codeHost = gitCodeHost({ dataDir, allowLocal: true, clock: systemClock });
  const reported: string[] = [];
  const parts = {
    database: t.database,
    sandboxes: localSandbox({ dataDir }),
    codeHost,
    workspaces: localWorkspaces({ dataDir, codeHost }),
    sampleRemote: sampleRemote({ dataDir }),
    report: (error: unknown, where: string) => void reported.push(`${where}: ${String(error)}`),
  };
  const trees = () => readdir(join(dataDir, 'workspaces'));
  const makeTree = async (id: string) => {
    await mkdir(join(dataDir, 'workspaces', id), { recursive: true });
    await writeFile(join(dataDir, 'workspaces', id, 'file'), 'x', { mode: 0 });
  };
  const remote = join(dataDir, 'remote.git');
  execFileSync('git', ['clone', '--quiet', '--bare', await parts.sampleRemote.ensure(newId('org')), remote]);
  return { dataDir, parts, remote, reported, trees, makeTree };
}

async function endedAt(pipelineRun: { orgId: string; id: string }, agoMs: number): Promise<void> {
  const now = new Date((await t.database.time()).getTime() - agoMs);
  await breakPipelineRun(
    { database: t.database, orgId: pipelineRun.orgId, now },
    { pipelineRunId: pipelineRun.id, detail: 'It broke.' },
  );
}

test('kept trees go with their pipeline run, also a broken one; others stay, whatever is known of them', async () => {
  const { parts, reported, trees, makeTree } = await host();
  const [broken, justBroken, going] = await Promise.all([1, 2, 3].map(() => makeRunWithAll(t.database)));
  const unknown = newId('run');
  for (const id of [broken!.runId, justBroken!.runId, going!.runId, unknown]) await makeTree(id);
  await endedAt({ orgId: broken!.org.orgId, id: broken!.pipelineRunId }, 120_000);
  await endedAt({ orgId: justBroken!.org.orgId, id: justBroken!.pipelineRunId }, 0);
  expect(await clearUp(parts)).toEqual({ sandboxes: 0, processes: 0, workTrees: 1, ofDeletedOrgs: 0 });
  expect((await trees()).sort()).toEqual([justBroken!.runId, going!.runId, unknown].sort());
  expect(await clearUp(parts)).toMatchObject({ workTrees: 0 });
  expect(reported).toEqual([]);
});

type RunWithAll = Awaited<ReturnType<typeof makeRunWithAll>>;

/** An org whose repo and runs lie on a host: a mirror, trees on a set-up of it, its sample. */
async function atHome({ parts, remote }: Awaited<ReturnType<typeof host>>, of: RunWithAll) {
  const { org, repoId, runId } = of;
  await parts.sampleRemote.ensure(org.orgId);
  const commit = await parts.codeHost.sync({ mirror: repoId, remote, defaultBranch: 'main' });
  const key = 'k'.repeat(64);
  const fill = (tree: string) => writeFile(join(tree, 'made'), 'x');
  await parts.workspaces.setUp({ id: newId('sandbox'), mirror: repoId, commit, key, fill });
  for (const id of [runId, newId('run')]) {
    const { tree } = await parts.workspaces.keep({ id, mirror: repoId, commit, setup: async () => key });
    await writeFile(join(tree, 'written.txt'), org.name);
    await parts.workspaces.rest(id);
  }
}

async function deleteOrg({ org }: RunWithAll): Promise<string[]> {
  const asking = deleting(t, org);
  await requestDeletion(asking, { name: org.name });
  await passGrace(t, org);
  await purgeOrgs(asking);
  return asking.reported;
}

test('all that lies here of a deleted org goes, also trees of runs that the row does not name; of another org nothing', async () => {
  const here = await host();
  const { parts, dataDir, reported } = here;
  const [gone, stays] = [await makeRunWithAll(t.database), await makeRunWithAll(t.database)];
  await atHome(here, gone);
  await atHome(here, stays);
  const paths = async () => (await readdir(dataDir, { recursive: true })).filter((path) => !path.startsWith('engines'));
  const before = await paths();
  const ofGone = [gone.org.orgId, gone.repoId, gone.runId];
  for (const id of ofGone)
    expect(
      before.filter((path) => path.includes(id)),
      id,
    ).not.toEqual([]);
  expect(await deleteOrg(gone)).toEqual([]);
  expect(await clearUp(parts)).toMatchObject({ workTrees: 0, ofDeletedOrgs: 3 });
  const after = await paths();
  for (const id of ofGone)
    expect(
      after.filter((path) => path.includes(id)),
      id,
    ).toEqual([]);
  expect(await parts.workspaces.list()).toHaveLength(2);
  const of = (all: string[], id: string) => all.filter((path) => path.includes(id)).toSorted();
  for (const id of [stays.org.orgId, stays.repoId, stays.runId]) expect(of(after, id)).toEqual(of(before, id));
  expect(await clearUp(parts)).toMatchObject({ ofDeletedOrgs: 0 });
  expect(reported).toEqual([]);
});

test('folders of sandboxes go with their process, never with a process that lives', async () => {
  const { dataDir, parts } = await host();
  const living = spawn('sleep', ['600'], { stdio: 'ignore' });
  const folder = (life: string) => join(dataDir, 'sandboxes', `${life}.abc`, 'run_1.def');
  try {
    const life = lifeOf(living.pid!)!;
    await mkdir(folder(life), { recursive: true });
    // The same number, another life: a process id that was given again.
    await mkdir(folder(`${living.pid}-1`), { recursive: true });
    expect(await clearUp(parts)).toMatchObject({ sandboxes: 1 });
    expect(await readdir(join(dataDir, 'sandboxes'))).toEqual([`${life}.abc`]);
  } finally {
    living.kill('SIGKILL');
    await once(living, 'exit');
  }
  expect(await clearUp(parts)).toMatchObject({ sandboxes: 1 });
  expect(await readdir(join(dataDir, 'sandboxes'))).toEqual([]);
});

test('what cannot be cleared is told to the operator and stops nobody', async () => {
  const { parts, reported } = await host();
  const sandboxes = { ...parts.sandboxes, reap: () => Promise.reject(new Error('the engine is away')) };
  expect(await clearUp({ ...parts, sandboxes })).toEqual({
    sandboxes: 0,
    processes: 0,
    workTrees: 0,
    ofDeletedOrgs: 0,
  });
  expect(reported).toEqual(['clearing up after sandboxes: Error: the engine is away']);
});
