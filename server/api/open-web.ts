import path from 'node:path';
import { bus } from '../../inngest/bus/bus.ts';
import { busClient } from '../../inngest/bus/client.ts';
import { installationKeys } from '../adapters/audit/installation-keys.ts';
import { gitCodeHost } from '../adapters/code-host/git.ts';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { operatorEgress } from '../adapters/egress/operator-settings.ts';
import { serviceDoor } from '../adapters/egress/service-door.ts';
import { enginesView } from '../adapters/engines/engines-view.ts';
import { placing } from '../adapters/engines/placing.ts';
import { hasOutbox, mailerOf } from '../adapters/mail/mailer-of.ts';
import { askProvider } from '../adapters/model-key/ask-provider.ts';
import { anthropicKeyCheck } from '../adapters/model-key/check-anthropic-key.ts';
import { sampleRemote } from '../adapters/sample-remote/sample-remote.ts';
import { askE2b } from '../adapters/sandbox/e2b/ask-e2b.ts';
import { secretBoxes as boxesOf } from '../adapters/secrets/secret-boxes.ts';
import { dnsTxtRecords } from '../adapters/dns/txt-records.ts';
import { cachedOidc } from '../adapters/sign-in/cached-oidc.ts';
import { findOidc } from '../adapters/sign-in/find-oidc.ts';
import { processConfig, requireConfig, type Config } from '../config/config.ts';
import { masterKeysOf } from '../config/master-keys.ts';
import { openDatabase } from '../db/connect.ts';
import { dataKeyStore } from '../db/data-keys.ts';
import { openListener, type Listener } from '../db/listen.ts';
import { newId } from '../db/new-id.ts';
import { liveFeed } from '../services/runs/live-feed.ts';
import { closing } from './closing.ts';
import { rightsWatch } from './watch-rights.ts';
import type { Web } from './web.ts';

let own: Web | null = null;

/**
 * The parts of this web process, made on first use. Not on globalThis: Next loads pages and routes as two copies of every
 * module, and what one copy makes is foreign to the other (its AppError is no `instanceof`, its database no client of
 * ours). So each copy has its own, at the price of a second pool of connections; the listener opens with the first stream.
 */
export function openWeb(): Web {
  own ??= makeWeb(processConfig());
  return own;
}

function makeWeb(given: Config): Web {
  const config = requireConfig(given, ['appDatabaseUrl', 'nextAuthSecret', 'inngestEventKey', 'inngestSigningKey']);
  const clock = systemClock;
  const database = openDatabase({ appUrl: config.appDatabaseUrl });
  let ears: Listener | null = null;
  const listener = () => (ears ??= openListener(config.appDatabaseUrl));
  const report: Web['report'] = (error, where) => console.error(`[${clock.now().toISOString()}] ${where}:`, error);
  const secretBoxes = boxesOf({ store: dataKeyStore(database.system), masterKeys: masterKeysOf(config) });
  const { inngestBaseUrl: baseUrl, inngestEventKey: eventKey, inngestSigningKey: signingKey } = config;
  return {
    database,
    feed: liveFeed({ database, listener, clock }),
    rights: rightsWatch({ clock, report }),
    bus: bus(busClient({ baseUrl, eventKey, signingKey }), (error) => report(error, 'a message to the engine')),
    codeHost: gitCodeHost({ dataDir: config.dataDir, allowLocal: 'if-trusted', clock }),
    placing: placing({ dataDir: config.dataDir }),
    engines: enginesView({ dataDir: config.dataDir }),
    sampleRemote: sampleRemote({ dataDir: config.dataDir, sampleDir: path.resolve('samples/api') }),
    secretBoxes,
    auditKeys: installationKeys({ table: database.system.auditKey, secretBoxes, clock }),
    checkModelKey: anthropicKeyCheck({ baseUrl: config.anthropicBaseUrl ?? 'https://api.anthropic.com' }),
    askProvider: askProvider(),
    askSandboxService: askE2b(serviceDoor(operatorEgress(config.network))),
    findOidc: findOidc(),
    signInOidc: cachedOidc(findOidc(), { now: () => performance.now() }),
    txtRecords: dnsTxtRecords({ servers: config.dnsServers }),
    mailer: mailerOf(config, { table: database.system.outboxMail, newId: () => newId('mail'), clock }),
    clock,
    closing: closing().signal,
    settings: {
      publicUrl: config.publicUrl,
      authSecret: config.nextAuthSecret,
      environmentModelKey: config.anthropicApiKey !== null,
      outbox: hasOutbox(config),
      github: config.github,
      signUp: config.signUp,
      deletionGraceDays: config.deletionGraceDays,
      recordDays: config.recordDays,
      internalHosts: config.network.internalHosts,
      mail: config.smtpUrl !== null ? 'smtp' : hasOutbox(config) ? 'outbox' : 'none',
    },
    report,
  };
}
