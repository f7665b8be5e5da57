import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localSandbox } from '../../server/adapters/sandbox/local.ts';
import type { Sandbox, SandboxPort } from '../../server/domain/ports/sandbox.ts';
import { readEvents } from '../../server/db/read-events.ts';
import { environmentReport, type EnvironmentReport } from '../../server/domain/setup/environment.ts';
import { noSetup, repoSetup, type RepoSetup } from '../../server/domain/setup/repo-setup.ts';
import { requestEnvironment } from '../../server/services/environment/request-environment.ts';
import { setUpRepo } from '../../server/services/environment/set-up-repo.ts';
import { configureRepo } from '../../server/services/repos/configure-repo.ts';
import { getEnvironment, listEnvironments } from '../../server/services/views/get-environment.ts';
import { getTask } from '../../server/services/views/get-task.ts';
import { hostContext } from './host-work.ts';
import { flowRig, type Flow, type FlowOver, type FlowRig } from './testing/flow-rig.ts';
import { filesNeeding, npmRegistry, type NpmRegistry } from './testing/npm-registry.ts';
import { smallRepo } from './testing/remote.ts';
import { approves, create, developer, doubleTest, handoff, shell } from './testing/stories.ts';
import { removeLivedIn } from '../../server/testing/remove-lived-in.ts';

let rig: FlowRig;
let registry: NpmRegistry;
const folders: string[] = [];
beforeAll(async () => {
  [rig, registry] = await Promise.all([flowRig(), npmRegistry()]);
});
afterAll(async () => {
  await registry.stop();
  for (const folder of folders) await removeLivedIn(folder);
});

const npmSetup = () =>
  repoSetup.parse({
    install: `npm ci --no-audit --registry ${registry.url}`,
    registries: ['npm'],
    lockfiles: ['package-lock.json'],
  });

/** A flow whose sandboxes reach the registry, with a repo that is set up like this. */
async function flowWith(setup: RepoSetup, parts: Parameters<FlowRig['flow']>[0], over: FlowOver = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'fleet-env-'));
  folders.push(dataDir);
  const sandbox = localSandbox({ dataDir, egress: registry.egress });
  const flow = await rig.flow(parts, { sandbox, ...over });
  await configure(flow, { setup });
  return flow;
}

async function configure(flow: Flow, over: { setup?: RepoSetup; testCommand?: string }) {
  const repo = await flow.db.repo.findFirstOrThrow({ where: { orgId: flow.orgId } });
  await configureRepo(flow.by(), { repoId: repo.id, testCommand: repo.testCommand, setup: noSetup, ...over });
  return repo.id;
}

/** Asks for a check as a person does, and waits for its end. */
async function check(flow: Flow): Promise<{ status: string; report: EnvironmentReport }> {
  const { id: repoId } = await flow.db.repo.findFirstOrThrow({ where: { orgId: flow.orgId } });
  const { environmentCheckId: id } = await requestEnvironment(flow.by(), { repoId });
  const where = { orgId_id: { orgId: flow.orgId, id } };
  const row = await flow.until(async () => {
    const found = await flow.db.environmentCheck.findUniqueOrThrow({ where });
    return found.endedAt && found;
  }, 'the environment check to end');
  return { status: row.status, report: environmentReport.parse(row.report) };
}

const stepsOf = ({ steps }: EnvironmentReport) => steps.map(({ step, result }) => `${step} ${result}`);
const tarball = 'GET /halve/-/halve-1.0.0.tgz';

it('a repo whose tests need a package is set up once, for checks, agents and the merge, and no commit holds it', async () => {
  registry.asked.length = 0;
  const halves = developer(
    1,
    [shell('node --input-type=module -e "import(\'halve\').then(({ halve }) => console.log(halve(8)))"')],
    [shell('echo broken > node_modules/halve/index.js; touch node_modules/mine')],
    [create('src/double.js', 'export const double = (n) => n * 2;\n'), create('test/double.test.js', doubleTest())],
    [handoff('double() doubles a number.')],
  );
  const flow = await flowWith(npmSetup(), [halves, approves], { files: registry.files });
  const { taskId, pipelineRunId } = await flow.task();
  const approval = await flow.pending(pipelineRunId, 'merge');
  expect(approval.subject).toMatchObject({ files: 2 });
  await flow.decide(approval);
  expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
  expect(registry.asked).toEqual([tarball]);
  const log = { orgId: flow.orgId, kind: 'org', subject: flow.orgId, afterSeq: 0, limit: 500 } as const;
  const requested = (await readEvents(flow.db, log)).filter(({ kind }) => kind === 'set-up.requested');
  expect(requested.length).toBeGreaterThan(0);
  for (const { payload } of requested)
    expect(payload).toMatchObject({ allowed: true, refusal: null, rule: expect.stringContaining('npm') });
  expect(await flow.remote.git('ls-tree', '-r', '--name-only', 'main')).not.toContain('node_modules');
  const task = await getTask(
    { ...flow.by(), db: flow.db, system: flow.worker.database.system, viewer: flow.org.owner } as never,
    {
      taskId,
    },
  );
  expect(task.environment).toMatchObject({ status: 'passed', current: true });
  expect(stepsOf(task.environment!.report)).toEqual([
    'clone passed',
    'tools passed',
    'set-up passed',
    'build skipped',
    'tests passed',
  ]);
  expect(task.environment!.report.steps[2]!.output).toContain(`$ npm ci --no-audit --registry ${registry.url}`);
  expect(task.environment!.report.steps[2]!.output).toContain('network: registry.test');
  expect(flow.reported).toEqual([]);
});

it('what passed on a commit is believed by the next pipeline run; other commands are checked anew', async () => {
  const flow = await flowWith(noSetup, [
    developer('any', [handoff('x', { notDone: ['no'] })], [handoff('x', { notDone: ['no'] })]),
  ]);
  const prepared = async () => {
    const { pipelineRunId } = await flow.task();
    await flow.stage(pipelineRunId, 'prepare', 'passed');
    return flow.db.environmentCheck.count({ where: { orgId: flow.orgId } });
  };
  expect(await prepared()).toBe(1);
  expect(await prepared()).toBe(1);
  await configure(flow, { testCommand: 'npm test' });
  expect(await prepared()).toBe(2);
});

it('what passed in sandboxes of one image is not believed of another', async () => {
  const system: Pick<Sandbox, 'image'> = {};
  const dataDir = await mkdtemp(join(tmpdir(), 'fleet-env-'));
  folders.push(dataDir);
  const local = localSandbox({ dataDir });
  const sandbox: SandboxPort = { ...local, open: async (spec) => ({ ...(await local.open(spec)), ...system }) };
  const gives = [handoff('x', { notDone: ['no'] })];
  const flow = await rig.flow([developer('any', gives, gives, gives)], { sandbox });
  const prepared = async () => {
    const { pipelineRunId } = await flow.task();
    await flow.stage(pipelineRunId, 'prepare', 'passed');
    return flow.db.environmentCheck.count({ where: { orgId: flow.orgId } });
  };
  expect(await prepared()).toBe(1);
  system.image = 'sha256:1';
  expect(await prepared()).toBe(2);
  expect(await prepared()).toBe(2);
});

it('a set-up that fails stops the task before a model is asked, says its line, and can be run again', async () => {
  const files = filesNeeding({ gone: { version: '1.0.0', integrity: 'sha512-AAAA' } });
  const flow = await flowWith(npmSetup(), [], { files });
  const { pipelineRunId } = await flow.task();
  const escalation = await flow.pending(pipelineRunId, 'escalation');
  expect(escalation.subject).toMatchObject({ reason: 'environment_broken', retryStage: 'prepare' });
  expect(escalation.subject).toMatchObject({
    detail: expect.stringMatching(/^Set-up ended with exit code \d+\. Line: npm ci --no-audit --registry/),
  });
  expect(await flow.db.run.count({ where: { orgId: flow.orgId } })).toBe(0);
  await flow.remote.push({ ...registry.files });
  await flow.decide(escalation);
  await flow.stage(pipelineRunId, 'prepare', 'passed');
});

describe('asked for by a person', () => {
  it('shows the checklist with notes, and the log keeps the verdict', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
    const setup = { ...noSetup, build: 'echo building\ntest -f package.json' };
    const flow = await flowWith(setup, [], { files: { ...smallRepo, 'big.bin': pointer } });
    const { status, report } = await check(flow);
    expect({ status, steps: stepsOf(report) }).toEqual({
      status: 'passed',
      steps: ['clone passed', 'tools passed', 'set-up skipped', 'build passed', 'tests passed'],
    });
    expect(report.notes).toEqual([expect.stringContaining('1 file is a Git LFS pointer')]);
    expect(report.steps[1]!.output).toMatch(/^node v\d+/m);
    expect(report.steps[3]!.output).toContain('$ echo building\nbuilding');
    const { db, orgId } = flow;
    const now = new Date();
    const [latest] = await listEnvironments({ db, orgId, now });
    expect(latest).toMatchObject({ status: 'passed', current: true, waits: null });
    const events = await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 100 });
    expect(events.find(({ kind }) => kind === 'environment.checked')?.payload).toMatchObject({ verdict: 'passed' });
  });

  const service = { name: 'db', command: null, image: null, env: {}, port: 5999, health: null };
  it.each<[string, Partial<RepoSetup>, { step: string; detail: RegExp; line: RegExp | null }]>([
    [
      'a set-up without its tool',
      { install: 'no-such-installer --all' },
      { step: 'set-up', detail: /exit code 127/, line: /^no-such-installer --all$/ },
    ],
    ['a tool', { build: 'poetry build' }, { step: 'tools', detail: /has no poetry/, line: null }],
    [
      'a build',
      { build: 'echo one\nls /no/such/folder' },
      { step: 'build', detail: /The build ended/, line: /^ls \/no\/such\/folder$/ },
    ],
    [
      'a service that dies',
      { services: [{ ...service, command: 'echo no disk; exit 3' }] },
      { step: 'services', detail: /db ended before it answered on port 5999/, line: /no disk/ },
    ],
    [
      'a service that is an image',
      { services: [{ ...service, image: 'postgres:18' }] },
      { step: 'services', detail: /Give it a command[^]*engine use NAME/, line: null },
    ],
  ])('names %s that does not work', async (_, over, { step, detail, line }) => {
    const flow = await flowWith({ ...noSetup, ...over }, []);
    const { status, report } = await check(flow);
    expect(status).toBe('failed');
    const last = report.steps.at(-1)!;
    expect(last).toMatchObject({ step, result: 'failed', detail: expect.stringMatching(detail) });
    if (line !== null) expect(last.line).toMatch(line);
    expect(report.tests).toBeNull();
  });

  it('names a remote that is gone', async () => {
    const flow = await flowWith(noSetup, []);
    await flow.db.repo.updateMany({ where: { orgId: flow.orgId }, data: { remote: '/nowhere/at/all.git' } });
    const { status, report } = await check(flow);
    expect({ status, steps: stepsOf(report) }).toEqual({ status: 'failed', steps: ['clone failed'] });
    const { id: repoId } = await flow.db.repo.findFirstOrThrow({ where: { orgId: flow.orgId } });
    const { db, orgId } = flow;
    const { check: view } = await getEnvironment({ db, orgId, now: new Date() }, { repoId });
    expect(view).toMatchObject({ status: 'failed', commit: null });
  });
});

it('services run beside the tests, which reach them, and end with them', async () => {
  const serve = `node -e "require('node:http').createServer((_, r) => r.end('up')).listen(5998)"`;
  const web = { name: 'web', command: serve, image: null, env: {}, port: 5998, health: null };
  const testCommand = `node -e "fetch('http://127.0.0.1:5998').then((r) => r.text()).then((t) => process.exit(t === 'up' ? 0 : 1))"`;
  const flow = await flowWith(noSetup, []);
  await configure(flow, { setup: { ...noSetup, services: [web] }, testCommand });
  const { status, report } = await check(flow);
  expect({ status, steps: stepsOf(report) }).toEqual({
    status: 'passed',
    steps: ['clone passed', 'tools passed', 'set-up skipped', 'services passed', 'build skipped', 'tests passed'],
  });
});

it('a set-up that hangs ends with the line that was running, and leaves nothing', async () => {
  const flow = await flowWith(noSetup, [], { idle: true });
  const { id: mirror, ...repo } = await flow.db.repo.findFirstOrThrow({ where: { orgId: flow.orgId } });
  const { codeHost, workspaces } = flow.worker;
  const commit = await codeHost.sync({ mirror, remote: repo.remote, trusted: true, defaultBranch: 'main' });
  const setup = repoSetup.parse({ install: 'mkdir node_modules\nsleep 600' });
  const signal = new AbortController().signal;
  const { setUp, step } = await setUpRepo(hostContext(flow.worker, flow.orgId), {
    mirror,
    commit,
    setup,
    signal,
    timeoutMs: 1_500,
  });
  expect(setUp).toBeNull();
  expect(step).toMatchObject({
    result: 'failed',
    line: 'sleep 600',
    detail: expect.stringMatching(/did not end within 2 seconds/),
  });
  expect(await workspaces.list()).toEqual([]);
});
