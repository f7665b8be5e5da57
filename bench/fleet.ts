import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../server/adapters/clock/system-clock.ts';
import { gitCodeHost } from '../server/adapters/code-host/git.ts';
import { openOutlet } from '../server/adapters/egress/outlet.ts';
import { directEgress } from '../server/adapters/egress/settings.ts';
import { localSandbox } from '../server/adapters/sandbox/local.ts';
import { noMail } from '../server/adapters/mail/no-mail.ts';
import { sampleRemote } from '../server/adapters/sample-remote/sample-remote.ts';
import { localWorkspaces } from '../server/adapters/workspaces/local.ts';
import { blobsFor } from '../server/db/blobs.ts';
import { openDatabase } from '../server/db/connect.ts';
import { openListener } from '../server/db/listen.ts';
import type { ModelPort } from '../server/domain/ports/model.ts';
import type { SandboxPort } from '../server/domain/ports/sandbox.ts';
import { sameForAll } from '../server/domain/ports/sandboxes.ts';
import {
  makeChange,
  makeOrg,
  makePipelineRun,
  makeRepo,
  makeRun,
  makeStageAttempt,
  makeStarters,
  makeTask,
} from '../server/testing/factories.ts';
import { setBudget } from '../server/services/budgets/set-budget.ts';
import type { Bus } from '../inngest/bus/events.ts';
import { makeRooms } from '../inngest/runtime/rooms.ts';
import { indoors } from '../inngest/runtime/testing/indoors.ts';
import { makeRemote } from '../inngest/runtime/testing/remote.ts';
import type { Worker } from '../inngest/runtime/worker.ts';
import type { Place } from './database.ts';
import type { Closing } from './harness.ts';
import { testAuditKeys } from '../server/testing/audit-keys.ts';
import { testSecretBoxes } from '../server/testing/secret-boxes.ts';

type Parts = {
  place: Place;
  closing: Closing;
  /** Opened for every slice; null ends the run as one whose key is gone. */
  model: () => ModelPort | null;
  /** Wraps the real sandboxes, to measure them. */
  sandboxes?: (real: SandboxPort) => SandboxPort;
};

export type QueuedRun = { orgId: string; runId: string };

export type BenchFleet = {
  worker: Worker;
  /** A developer's queued run, on the first commit of a small repository. */
  queueRun(): Promise<QueuedRun>;
};

/** What would go on after a slice is not measured: nobody hears of it. */
const silentBus: Bus = { send: async () => {}, lost: () => {} };

/** The parts of a worker process as its composition root puts them together, and an org with work for it. */
export async function openBenchFleet(parts: Parts): Promise<BenchFleet> {
  const { place, closing, model, sandboxes = (real) => real } = parts;
  const { dataDir, appUrl } = place;
  const database = openDatabase({ appUrl, max: 16 });
  closing(() => database.close());
  const listener = openListener(appUrl);
  closing(() => listener.close());
  await listener.ready;
  const codeHost = gitCodeHost({ dataDir, allowLocal: true, clock: systemClock });
  const draining = new AbortController();
  closing(async () => draining.abort());
  const worker: Worker = {
    id: `bench/${process.pid}`,
    database,
    blobs: (orgId) => blobsFor(database.org(orgId), orgId),
    bus: silentBus,
    clock: systemClock,
    codeHost,
    mailer: noMail(),
    txtRecords: async () => [],
    ...indoors,
    auditKeys: testAuditKeys(database),
    recordDays: 365,
    sandboxes: sameForAll(sandboxes(localSandbox({ dataDir }))),
    workspaces: localWorkspaces({ dataDir, codeHost }),
    sampleRemote: sampleRemote({ dataDir }),
    secretBoxes: testSecretBoxes(database),
    models: { environmentKey: true, open: async () => model() },
    outlet: (egress) => openOutlet({ egress, settings: directEgress }),
    rooms: makeRooms({ clock: systemClock, draining: draining.signal }),
    draining: draining.signal,
    publish: listener.notifyLive,
    report: (error, where) => process.stderr.write(`${where}: ${String(error)}\n`),
    sliceMs: 3_600_000,
  };
  return { worker, queueRun: await prepareOrg(worker, await mkdtemp(join(dataDir, 'remote-'))) };
}

async function prepareOrg({ database, codeHost }: Worker, folder: string): Promise<() => Promise<QueuedRun>> {
  const org = await makeOrg(database);
  const starters = await makeStarters(database, org);
  const { url: remote } = await makeRemote(folder);
  const { repoId } = await makeRepo(org, { remote });
  // Two hundred turns cost more than a month may by default, and money is not what is measured.
  const { orgId, owner } = org;
  const by = { database, orgId, actor: { type: 'user' as const, userId: owner.userId }, now: new Date() };
  const none = { micros: null, tokens: null, seconds: null };
  await setBudget(by, { dimension: 'org', subject: orgId, ...none });
  await setBudget(by, { dimension: 'repo', subject: repoId, ...none });
  const base = await codeHost.sync({ mirror: repoId, remote, defaultBranch: 'main' });
  return async () => {
    const limits = { secondsLimit: 3_600, costLimit: 1_000_000_000n };
    const { taskId } = await makeTask(org, { repoId, scope: ['**'], ...limits });
    const { pipelineVersionId } = starters;
    const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId });
    await makeChange(org, { pipelineRunId, repoId, base });
    const input = { cause: { from: 'order' }, base, head: null, start: base };
    const { stageAttemptId } = await makeStageAttempt(org, { pipelineRunId, status: 'queued', input });
    const { runId } = await makeRun(org, starters, { stageAttemptId, ...limits });
    return { orgId: org.orgId, runId };
  };
}
