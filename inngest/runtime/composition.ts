import { hostname } from 'node:os';
import { headFiles } from '../../server/adapters/audit/head-files.ts';
import { installationKeys } from '../../server/adapters/audit/installation-keys.ts';
import { systemClock } from '../../server/adapters/clock/system-clock.ts';
import { gitCodeHost } from '../../server/adapters/code-host/git.ts';
import { dnsTxtRecords } from '../../server/adapters/dns/txt-records.ts';
import { operatorEgress } from '../../server/adapters/egress/operator-settings.ts';
import { openOutlet } from '../../server/adapters/egress/outlet.ts';
import { serviceDoor } from '../../server/adapters/egress/service-door.ts';
import type { EgressSettings } from '../../server/adapters/egress/settings.ts';
import { installedSandboxes } from '../../server/adapters/engines/installed-sandboxes.ts';
import { placing } from '../../server/adapters/engines/placing.ts';
import { mailerOf } from '../../server/adapters/mail/mailer-of.ts';
import { scriptedModel } from '../../server/adapters/model/scripted/server.ts';
import { secretBoxes as boxesOf } from '../../server/adapters/secrets/secret-boxes.ts';
import { sampleRemote } from '../../server/adapters/sample-remote/sample-remote.ts';
import { webhookSender } from '../../server/adapters/webhooks/send-webhook.ts';
import { localWorkspaces } from '../../server/adapters/workspaces/local.ts';
import { requireConfig, type Config } from '../../server/config/config.ts';
import { masterKeysOf } from '../../server/config/master-keys.ts';
import { blobsFor } from '../../server/db/blobs.ts';
import { openDatabase } from '../../server/db/connect.ts';
import { dataKeyStore } from '../../server/db/data-keys.ts';
import { openListener } from '../../server/db/listen.ts';
import { newId } from '../../server/db/new-id.ts';
import { sealAnew } from '../../server/services/secrets/seal-anew.ts';
import type { Sandboxes } from '../../server/domain/ports/sandboxes.ts';
import { takeKernel } from '../../server/services/engines/kernel.ts';
import { readSandboxAccount } from '../../server/services/engines/sandbox-account.ts';
import { bus } from '../bus/bus.ts';
import { busClient, type BusClient } from '../bus/client.ts';
import { modelsOf } from './models.ts';
import { makeRooms } from './rooms.ts';
import type { Worker } from './worker.ts';

export type OpenedWorker = { worker: Worker; client: BusClient; port: number; close(): Promise<void> };

export type Log = { info(what: object, words: string): void; error(what: object, words: string): void };

const anthropicUrl = 'https://api.anthropic.com';
const sliceMs = 30_000;

type Standing = Pick<Worker, 'database' | 'secretBoxes' | 'clock'> & { dataDir: string; egress: EgressSettings };

function sandboxesOf({ dataDir, egress, database, secretBoxes, clock }: Standing): Sandboxes {
  return installedSandboxes({
    dataDir,
    egress,
    admit: (orgId) => takeKernel({ database, orgId, placing: placing({ dataDir }) }, clock.now()),
    accounts: {
      of: (orgId) => readSandboxAccount({ db: database.org(orgId), orgId, secretBoxes }),
      orgs: () => database.orgsWithSandboxAccount(),
      door: serviceDoor(egress),
    },
  });
}

type Outwards = Pick<Worker, 'headKeeper' | 'sendWebhook' | 'roll' | 'txtRecords'>;

/** What leaves beside the work: messages to webhooks, heads that are kept elsewhere, and questions about domains. */
function outwards({ headsDir, dnsServers }: Config, egress: EgressSettings): Outwards {
  return {
    headKeeper: headsDir === null ? null : headFiles(headsDir),
    sendWebhook: webhookSender(egress),
    roll: Math.random,
    txtRecords: dnsTxtRecords({ servers: dnsServers }),
  };
}

/** The parts of this worker process. `draining` is aborted when it is asked to stop. */
export async function openWorker(
  given: Config,
  { draining, log }: { draining: AbortSignal; log: Log },
): Promise<OpenedWorker> {
  const config = requireConfig(given, ['appDatabaseUrl', 'inngestEventKey', 'inngestSigningKey', 'workerPort']);
  const { dataDir } = config;
  const clock = systemClock;
  const database = openDatabase({ appUrl: config.appDatabaseUrl, max: 16 });
  const listener = openListener(config.appDatabaseUrl);
  const codeHost = gitCodeHost({ dataDir, allowLocal: 'if-trusted', clock });
  const { inngestBaseUrl: baseUrl, inngestEventKey: eventKey, inngestSigningKey: signingKey } = config;
  const client = busClient({ baseUrl, eventKey, signingKey });
  const report = (error: unknown, where: string) => log.error({ err: error, where }, 'failed');
  const scripted = await scriptedModel();
  const masterKeys = masterKeysOf(config);
  masterKeys();
  const secretBoxes = boxesOf({ store: dataKeyStore(database.system), masterKeys });
  await sealAnew(database, secretBoxes);
  const outbox = { table: database.system.outboxMail, newId: () => newId('mail'), clock };
  const settings = operatorEgress(config.network);
  const worker: Worker = {
    id: `${hostname()}/${process.pid}/${newId('session')}`,
    database,
    blobs: (orgId) => blobsFor(database.org(orgId), orgId),
    bus: bus(client, (error) => report(error, 'a message to the engine')),
    clock,
    codeHost,
    mailer: mailerOf(config, outbox),
    auditKeys: installationKeys({ table: database.system.auditKey, secretBoxes, clock }),
    sandboxes: sandboxesOf({ dataDir, egress: settings, database, secretBoxes, clock }),
    outlet: (egress) => openOutlet({ egress, settings }),
    ...outwards(config, settings),
    rooms: makeRooms({ clock, draining }),
    ...{ workspaces: localWorkspaces({ dataDir, codeHost }), sampleRemote: sampleRemote({ dataDir }) },
    secretBoxes,
    models: modelsOf({
      database,
      secretBoxes,
      anthropicApiKey: config.anthropicApiKey,
      anthropicBaseUrl: config.anthropicBaseUrl ?? anthropicUrl,
      scriptedUrl: scripted.baseUrl,
    }),
    draining,
    publish: listener.notifyLive,
    report,
    sliceMs,
    recordDays: config.recordDays,
  };
  return {
    worker,
    client,
    port: config.workerPort,
    async close() {
      await scripted.stop();
      await listener.close();
      await database.close();
    },
  };
}
