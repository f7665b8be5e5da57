import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BusEvent } from '../../../inngest/bus/events.ts';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { gitCodeHost } from '../../adapters/code-host/git.ts';
import { serviceDoor } from '../../adapters/egress/service-door.ts';
import { directEgress } from '../../adapters/egress/settings.ts';
import { enginesView } from '../../adapters/engines/engines-view.ts';
import { placing } from '../../adapters/engines/placing.ts';
import { askProvider } from '../../adapters/model-key/ask-provider.ts';
import { outboxMailer } from '../../adapters/mail/outbox.ts';
import { sampleRemote } from '../../adapters/sample-remote/sample-remote.ts';
import { askE2b } from '../../adapters/sandbox/e2b/ask-e2b.ts';
import { dnsTxtRecords } from '../../adapters/dns/txt-records.ts';
import { cachedOidc } from '../../adapters/sign-in/cached-oidc.ts';
import { findOidc } from '../../adapters/sign-in/find-oidc.ts';
import type { KeyHolder } from '../../auth/api-key.ts';
import type { Viewer } from '../../auth/viewer.ts';
import type { Database } from '../../db/connect.ts';
import type { Listener } from '../../db/listen.ts';
import { testAuditKeys } from '../../testing/audit-keys.ts';
import { testSecretBoxes } from '../../testing/secret-boxes.ts';
import { newId } from '../../db/new-id.ts';
import { liveFeed } from '../../services/runs/live-feed.ts';
import { appRouter } from '../root.ts';
import { rightsWatch } from '../watch-rights.ts';
import type { Web } from '../web.ts';

export type TestWeb = Web & { sent: BusEvent[]; reported: unknown[]; closeNow(): void; dataDir: string };

/** The web process's parts over a test's database: everything real but the engine, which only notes what it is sent. */
export function testWeb(deps: { database: Database; listener: Listener; publicUrl?: string }): TestWeb {
  const { database, listener, publicUrl = 'http://127.0.0.1:3000' } = deps;
  const dataDir = mkdtempSync(path.join(tmpdir(), 'fleet-web-'));
  const clock = systemClock;
  const closing = new AbortController();
  const sent: BusEvent[] = [];
  const reported: unknown[] = [];
  const report = (error: unknown) => void reported.push(error);
  return {
    database,
    feed: liveFeed({ database, listener: () => listener, clock }),
    rights: rightsWatch({ clock, report }),
    bus: { send: async (events) => void sent.push(...events), lost: (error) => void reported.push(error) },
    codeHost: gitCodeHost({ dataDir, allowLocal: 'if-trusted', clock }),
    placing: placing({ dataDir }),
    engines: enginesView({ dataDir }),
    sampleRemote: sampleRemote({ dataDir, sampleDir: path.resolve('samples/api') }),
    secretBoxes: testSecretBoxes(database),
    auditKeys: testAuditKeys(database),
    checkModelKey: async () => 'unreachable',
    askProvider: askProvider(),
    askSandboxService: askE2b(serviceDoor(directEgress)),
    findOidc: findOidc(),
    signInOidc: cachedOidc(findOidc(), { now: () => performance.now() }),
    txtRecords: dnsTxtRecords({ servers: [] }),
    mailer: outboxMailer({ table: database.system.outboxMail, newId: () => newId('mail'), clock }),
    clock,
    closing: closing.signal,
    settings: {
      ...{ publicUrl, authSecret: 's'.repeat(40), environmentModelKey: false, recordDays: 365 },
      internalHosts: [],
      ...{ outbox: true, mail: 'outbox' as const, github: null },
      ...{ signUp: { kind: 'open' as const }, deletionGraceDays: 14 },
    },
    report,
    sent,
    reported,
    dataDir,
    closeNow: () => closing.abort(new DOMException('stopping', 'AbortError')),
  };
}

/** Who asks: a person, or a service account by its key. */
export type Caller = { viewer: Viewer | null; key: KeyHolder | null };

export function callerOf(web: Web, { viewer, key }: Caller, { ownOrigin = true }: { ownOrigin?: boolean } = {}) {
  return appRouter.createCaller({ web, viewer, key, ownOrigin, rate: { standing: null, passed: false } });
}

/** The procedures as `viewer` may call them from one of Fleet's own pages. */
export function callerAs(web: Web, viewer: Viewer | null, options: { ownOrigin?: boolean } = {}) {
  return callerOf(web, { viewer, key: null }, options);
}
