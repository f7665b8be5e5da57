import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { systemClock } from '../../../server/adapters/clock/system-clock.ts';
import { gitCodeHost } from '../../../server/adapters/code-host/git.ts';
import { openOutlet } from '../../../server/adapters/egress/outlet.ts';
import { directEgress, type EgressSettings } from '../../../server/adapters/egress/settings.ts';
import { outboxMailer } from '../../../server/adapters/mail/outbox.ts';
import { anthropicModel } from '../../../server/adapters/model/anthropic.ts';
import { scriptedModel } from '../../../server/adapters/model/scripted/server.ts';
import type { Part } from '../../../server/adapters/model/scripted/story.ts';
import { localSandbox } from '../../../server/adapters/sandbox/local.ts';
import { sampleRemote } from '../../../server/adapters/sample-remote/sample-remote.ts';
import { localWorkspaces } from '../../../server/adapters/workspaces/local.ts';
import { blobsFor } from '../../../server/db/blobs.ts';
import { newId } from '../../../server/db/new-id.ts';
import type { ApprovalSubject } from '../../../server/domain/approval/subject.ts';
import type { RoleBody } from '../../../server/domain/roles/role-body.ts';
import type { Clock } from '../../../server/domain/ports/clock.ts';
import type { CodeHost } from '../../../server/domain/ports/code-host.ts';
import type { SandboxPort } from '../../../server/domain/ports/sandbox.ts';
import { anywhere } from '../../../server/domain/ports/placing.ts';
import { sameForAll } from '../../../server/domain/ports/sandboxes.ts';
import { decideApproval, type Decision } from '../../../server/services/approvals/decide-approval.ts';
import { readListPrices } from '../../../server/db/list-prices.ts';
import { stopRun } from '../../../server/services/runs/stop-run.ts';
import { createTask, type TaskRequest } from '../../../server/services/tasks/create-task.ts';
import { testAuditKeys } from '../../../server/testing/audit-keys.ts';
import { testSecretBoxes } from '../../../server/testing/secret-boxes.ts';
import { testDatabase, type TestDatabase } from '../../../server/testing/database.ts';
import { makeOrg, makeRepo, makeStarters } from '../../../server/testing/factories.ts';
import { bus as busOver } from '../../bus/bus.ts';
import { testClient, testEngine } from '../../local/testing/rig.ts';
import { makeRooms } from '../rooms.ts';
import { serveWorker } from '../serve-worker.ts';
import type { Models, Worker } from '../worker.ts';
import type { CrashOrder } from './crash-order.ts';
import { atEnd } from './at-end.ts';
import { indoors } from './indoors.ts';
import { makeRemote } from './remote.ts';
import { waitFor } from './wait-for.ts';
import { removeLivedIn } from '../../../server/testing/remove-lived-in.ts';

export type FlowOver = {
  /** No worker yet: `start` begins one. */
  idle?: boolean;
  sliceMs?: number;
  files?: Record<string, string>;
  codeHost?: (real: CodeHost) => CodeHost;
  clock?: Clock;
  /** Instead of the local provider. */
  sandbox?: SandboxPort;
  /** The network that the installation stands in. */
  egress?: EgressSettings;
  /** Put before the scripted model. */
  model?: (baseUrl: string) => Promise<{ baseUrl: string; stop(): Promise<void> }>;
  /** The backends over the scripted model's address, instead of that model for everybody. */
  models?: (baseUrl: string) => Models;
  /** Awaited after a command of an agent, with its words: a test holds the run there. */
  afterCommand?: (command: string) => Promise<void>;
};

const lastEndings: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of lastEndings.splice(0).toReversed()) await end();
});

export type FlowRig = Awaited<ReturnType<typeof flowRig>>;

/** The database and the engine of a test file: real ones, shared by its tests, each of which makes its own org. */
export async function flowRig() {
  const test = await testDatabase();
  const engine = await testEngine(test.engineUrl);
  lastEndings.push(() => engine.close());
  return {
    ...test,
    engineAt: engine.url,
    /** An org with a repository, a scripted model that plays `parts`, and a worker that serves the functions. */
    async flow(parts: Part[], over: FlowOver = {}) {
      const made = await makeFlow({ ...test, engineAt: engine.url }, parts, over);
      if (!over.idle) await made.start();
      return made;
    },
  };
}

type Base = TestDatabase & { engineAt: string };

async function makeFlow(base: Base, parts: Part[], over: FlowOver) {
  const { database } = base;
  const dataDir = await mkdtemp(join(tmpdir(), 'fleet-flow-'));
  atEnd(() => removeLivedIn(dataDir));
  const client = testClient(base.engineAt);
  const scripted = await scriptedModel({ story: { name: 'flow', parts } });
  atEnd(() => scripted.stop());
  const model = over.model ? await over.model(scripted.baseUrl) : scripted;
  if (model !== scripted) atEnd(() => model.stop());
  const codeHost = (over.codeHost ?? ((host) => host))(
    gitCodeHost({ dataDir, allowLocal: 'if-trusted', clock: systemClock }),
  );
  const reported: unknown[] = [];
  const bus = busOver(client, (error) => reported.push(error));
  const draining = new AbortController();
  const worker: Worker = {
    id: `flow/${crypto.randomUUID()}`,
    database,
    blobs: (orgId) => blobsFor(database.org(orgId), orgId),
    bus,
    clock: over.clock ?? systemClock,
    codeHost,
    auditKeys: testAuditKeys(database),
    mailer: outboxMailer({ table: database.system.outboxMail, newId: () => newId('mail'), clock: systemClock }),
    sandboxes: sameForAll(
      holding(
        over.sandbox ?? localSandbox({ dataDir, ...(over.egress && { egress: over.egress }) }),
        over.afterCommand,
      ),
    ),
    outlet: (egress) => openOutlet({ egress, settings: over.egress ?? directEgress }),
    txtRecords: async () => [],
    ...indoors,
    rooms: makeRooms({ clock: systemClock, draining: draining.signal }),
    ...{ workspaces: localWorkspaces({ dataDir, codeHost }), sampleRemote: sampleRemote({ dataDir }) },
    secretBoxes: testSecretBoxes(database),
    models: over.models?.(model.baseUrl) ?? {
      environmentKey: true,
      open: async () => anthropicModel({ apiKey: 'scripted', baseUrl: model.baseUrl }),
    },
    draining: draining.signal,
    publish: async () => {},
    report: (error) => void reported.push(error),
    sliceMs: over.sliceMs ?? 30_000,
    recordDays: 365,
  };
  const start = async () => {
    const served = await serveWorker(client, worker, 0);
    atEnd(async () => {
      draining.abort();
      await served.close();
      await worker.rooms.settled();
    });
    await waitFor(
      () => served.register(),
      async () => 'the worker to be registered',
    );
  };
  const remote = await makeRemote(join(dataDir, 'remotes'), over.files);
  const crash: CrashOrder = { appUrl: base.appUrl, engineAt: base.engineAt, dataDir, modelUrl: model.baseUrl };
  /** An org of the installation, with starters and the repository. */
  const tenant = async () => {
    const org = await makeOrg(database);
    await makeStarters(database, org);
    const { repoId } = await makeRepo(org, { remote: remote.url, testCommand: 'node --test' });
    return { ...acts({ database, org, repoId, bus, codeHost, reported }), orgId: org.orgId, org };
  };
  return {
    ...(await tenant()),
    neighbour: tenant,
    remote,
    worker,
    reported,
    dataDir,
    start,
    crash,
    modelUrl: model.baseUrl,
  };
}

function holding(real: SandboxPort, afterCommand: FlowOver['afterCommand']): SandboxPort {
  if (!afterCommand) return real;
  return {
    ...real,
    async open(spec) {
      const sandbox = await real.open(spec);
      return {
        ...sandbox,
        async exec(request) {
          const result = await sandbox.exec(request);
          await afterCommand(JSON.stringify(request));
          return result;
        },
      };
    },
  };
}

type Acting = {
  database: TestDatabase['database'];
  org: Awaited<ReturnType<typeof makeOrg>>;
  repoId: string;
  bus: ReturnType<typeof busOver>;
  codeHost: CodeHost;
  reported: unknown[];
};

/** What people do in a flow, and what a test waits for. */
function acts({ database, org, repoId, bus, codeHost, reported }: Acting) {
  const { orgId, db, owner } = org;
  const actor = { type: 'user' as const, userId: owner.userId };
  const by = () => ({ database, orgId, actor, now: new Date(), bus });
  const row = (pipelineRunId: string) =>
    db.pipelineRun.findUniqueOrThrow({
      where: { orgId_id: { orgId, id: pipelineRunId } },
      include: {
        attempts: { where: { parentRunId: null }, orderBy: { id: 'asc' }, include: { run: true } },
        change: true,
      },
    });

  const task = async (over: Partial<TaskRequest> = {}, environmentKey = true) => {
    const request = { repoId, title: 'Double it', body: 'Add a double function.', acceptance: [], scope: ['**'] };
    const offer = { environmentKey, listPrices: await readListPrices(database) };
    const { taskId } = await createTask(
      { ...by(), codeHost, offer, placing: anywhere },
      { ...request, source: 'demo', sourceKey: crypto.randomUUID(), ...over },
    );
    const { id } = await db.pipelineRun.findFirstOrThrow({ where: { orgId, taskId } });
    return { taskId, pipelineRunId: id };
  };

  const until = <T>(probe: () => Promise<T | null | false>, what: string, patienceMs?: number) =>
    waitFor(probe, async () => `${what}; ${await whereabouts()}`, patienceMs);
  /** How far things have come, for a test that waited in vain. */
  const whereabouts = async () => {
    const attempts = await db.stageAttempt.findMany({
      where: { orgId },
      orderBy: { id: 'asc' },
      include: { run: true },
    });
    const said = attempts.map(({ stage, attempt, status, outcome, run }) => {
      const of = run ? { status: run.status, turns: run.turns, calls: run.toolCalls, outcome: run.outcome } : null;
      return `${stage} ${attempt} ${status} ${JSON.stringify(outcome)} ${JSON.stringify(of)}`;
    });
    return [...said, ...reported.map((error) => (error instanceof Error ? error.stack : String(error)))].join('\n');
  };

  const pending = (pipelineRunId: string, kind: ApprovalSubject['kind'], patienceMs?: number) =>
    until(
      () =>
        db.approval.findFirst({ where: { orgId, pipelineRunId, kind, status: 'pending' }, orderBy: { id: 'desc' } }),
      `a pending approval of kind ${kind}`,
      patienceMs,
    );

  const decide = (approval: { id: string; digest: string }, decision: Partial<Decision> = {}) =>
    decideApproval(by(), {
      approvalId: approval.id,
      digest: approval.digest,
      verdict: 'approved',
      reason: '',
      via: 'test',
      ...decision,
    });

  return {
    by,
    row,
    task,
    pending,
    decide,
    db,
    until,
    /** Another version of the developer's role, for runs that are started from now on. */
    async changeDeveloper(over: Partial<RoleBody>) {
      const last = await db.roleVersion.findFirstOrThrow({
        where: { orgId, role: { name: 'developer' } },
        orderBy: { version: 'desc' },
      });
      const body = { ...(last.body as object), ...over };
      await db.roleVersion.create({
        data: { ...last, id: newId('roleVersion'), version: last.version + 1, body },
      });
    },
    /** The newest attempt of a stage, once it has that status. */
    stage: (pipelineRunId: string, stage: string, status: string) =>
      until(async () => {
        const last = (await row(pipelineRunId)).attempts.findLast((attempt) => attempt.stage === stage);
        return last?.status === status ? last : null;
      }, `${stage} to be ${status}`),
    /** Two heartbeats of the run's holder from now on: it has heard what was asked before. */
    async heard(runId: string) {
      const beat = async () => (await db.run.findFirstOrThrow({ where: { orgId, id: runId } })).heartbeatAt?.getTime();
      for (let beats = 0; beats < 2; beats += 1) {
        const before = await beat();
        await until(async () => (await beat()) !== before, 'a heartbeat');
      }
    },
    stop: (runId: string) => stopRun(by(), { runId, reason: 'enough' }),
    ended: (pipelineRunId: string) =>
      until(async () => {
        const found = await row(pipelineRunId);
        return found.endedAt ? found : null;
      }, 'the pipeline run to end'),
  };
}

export type Flow = Awaited<ReturnType<FlowRig['flow']>>;
