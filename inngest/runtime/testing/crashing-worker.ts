import { systemClock } from '../../../server/adapters/clock/system-clock.ts';
import { gitCodeHost } from '../../../server/adapters/code-host/git.ts';
import { anthropicModel } from '../../../server/adapters/model/anthropic.ts';
import { openOutlet } from '../../../server/adapters/egress/outlet.ts';
import { directEgress } from '../../../server/adapters/egress/settings.ts';
import { localSandbox } from '../../../server/adapters/sandbox/local.ts';
import { noMail } from '../../../server/adapters/mail/no-mail.ts';
import { sampleRemote } from '../../../server/adapters/sample-remote/sample-remote.ts';
import { localWorkspaces } from '../../../server/adapters/workspaces/local.ts';
import { blobsFor } from '../../../server/db/blobs.ts';
import { openDatabase } from '../../../server/db/connect.ts';
import type { CodeHost } from '../../../server/domain/ports/code-host.ts';
import type { SandboxPort } from '../../../server/domain/ports/sandbox.ts';
import { sameForAll } from '../../../server/domain/ports/sandboxes.ts';
import { bus } from '../../bus/bus.ts';
import { testClient } from '../../local/testing/rig.ts';
import { makeRooms } from '../rooms.ts';
import { serveWorker } from '../serve-worker.ts';
import type { CrashOrder, CrashPoint } from './crash-order.ts';
import { indoors } from './indoors.ts';
import { testAuditKeys } from '../../../server/testing/audit-keys.ts';
import { testSecretBoxes } from '../../../server/testing/secret-boxes.ts';

// A worker like any other, but for one port that kills the process at the point it was told.
const order = JSON.parse(process.argv[2] ?? '') as CrashOrder & { at: CrashPoint | null };
const { appUrl, engineAt, dataDir, modelUrl, at } = order;

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

function crashing(real: CodeHost): CodeHost {
  return {
    ...real,
    async push(request) {
      const stage = request.branch.startsWith('fleet/') ? 'handoff' : 'merge';
      if (at === `${stage}: before the push`) die();
      const outcome = await real.push(request);
      if (at === `${stage}: after the push`) die();
      return outcome;
    },
  };
}

function crashingSandboxes(real: SandboxPort): SandboxPort {
  return {
    ...real,
    async open(spec) {
      const sandbox = await real.open(spec);
      if (at !== 'check: in the tests' || !spec.id.startsWith('sbx_')) return sandbox;
      return {
        ...sandbox,
        exec: (request) => {
          setTimeout(die, 100);
          return sandbox.exec(request);
        },
      };
    },
  };
}

const database = openDatabase({ appUrl });
const client = testClient(engineAt);
const codeHost = crashing(gitCodeHost({ dataDir, allowLocal: 'if-trusted', clock: systemClock }));
const draining = new AbortController().signal;
const served = await serveWorker(
  client,
  {
    id: `crashing/${process.pid}`,
    database,
    blobs: (orgId) => blobsFor(database.org(orgId), orgId),
    bus: bus(client, (error) => process.stderr.write(`${String(error)}\n`)),
    clock: systemClock,
    codeHost,
    mailer: noMail(),
    txtRecords: async () => [],
    ...indoors,
    auditKeys: testAuditKeys(database),
    sandboxes: sameForAll(crashingSandboxes(localSandbox({ dataDir }))),
    workspaces: localWorkspaces({ dataDir, codeHost }),
    sampleRemote: sampleRemote({ dataDir }),
    secretBoxes: testSecretBoxes(database),
    models: {
      environmentKey: true,
      open: async () => anthropicModel({ apiKey: 'scripted', baseUrl: modelUrl }),
    },
    outlet: (egress) => openOutlet({ egress, settings: directEgress }),
    rooms: makeRooms({ clock: systemClock, draining }),
    draining,
    publish: async () => {},
    report: () => {},
    sliceMs: 30_000,
    recordDays: 365,
  },
  0,
);
while (!(await served.register())) await systemClock.sleep(50);
process.send?.('ready');
